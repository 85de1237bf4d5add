import type {
  V1Deployment,
  V1NetworkPolicy,
  V1PodDisruptionBudget,
  V1PodSpec,
  V1Service,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import type { Manifest } from './manifests.ts';
import { duplicates, type ImageFacts, isPort, type Labels, podFindings, portOf } from './pods.ts';

// What no schema finds: names, ports and numbers in one place that something in another place has to match.

/** Everything in a set of manifests that does not fit together, a sentence each. */
export function inconsistencies(
  manifests: readonly Manifest[],
  images: Readonly<Record<string, ImageFacts>>,
): string[] {
  const of = <Kind>(kind: string): Kind[] => manifests.filter((each) => each.kind === kind) as unknown as Kind[];
  const deployments = of<V1Deployment>('Deployment');
  const names = new Set(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
  const found = [...duplicates(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`))].map(
    (name) => `${name} exists twice`,
  );

  for (const deployment of deployments) {
    const name = `Deployment ${deployment.metadata?.name}`;
    const { selector, template, replicas } = deployment.spec as NonNullable<V1Deployment['spec']>;
    if (!selects(selector?.matchLabels, template.metadata?.labels)) found.push(`${name} does not select its own pods`);
    const spec = template.spec as V1PodSpec;
    if (spec.serviceAccountName !== undefined && !names.has(`ServiceAccount ${spec.serviceAccountName}`)) {
      found.push(`${name} names a service account that does not exist`);
    }
    found.push(...podFindings(spec, images, template.metadata?.annotations).map((finding) => `${name}: ${finding}`));
    const scalers = [...of<V2HorizontalPodAutoscaler>('HorizontalPodAutoscaler'), ...of<Scaler>('ScaledObject')];
    const isScaled = scalers.some(({ spec }) => spec?.scaleTargetRef.name === deployment.metadata?.name);
    if (isScaled && replicas !== undefined) found.push(`${name} sets the replicas that its autoscaler decides about`);
    for (const { topologyKey, labelSelector } of spec.topologySpreadConstraints ?? []) {
      if (!selects(labelSelector?.matchLabels, template.metadata?.labels))
        found.push(`${name} spreads others over ${topologyKey}`);
    }
  }
  for (const { metadata, spec } of of<V1Service>('Service')) {
    const behind = deployments.filter((each) => selects(spec?.selector, each.spec?.template.metadata?.labels));
    if (behind.length !== 1) found.push(`Service ${metadata?.name} selects the pods of ${behind.length} deployments`);
    const containers = behind.flatMap((each) => each.spec?.template.spec?.containers ?? []);
    for (const { port, targetPort = port } of spec?.ports ?? []) {
      if (!isPort(port)) found.push(`Service ${metadata?.name}: ${port} is no port`);
      if (!containers.some((container) => portOf(container, targetPort) !== undefined))
        found.push(`Service ${metadata?.name} leads to the port ${targetPort}, which no container has`);
    }
  }
  for (const { metadata, spec } of of<V1PodDisruptionBudget>('PodDisruptionBudget')) {
    const labels = deployments.map((each) => each.spec?.template.metadata?.labels);
    if (labels.filter((each) => selects(spec?.selector?.matchLabels, each)).length !== 1)
      found.push(`PodDisruptionBudget ${metadata?.name} does not protect one deployment`);
  }
  for (const { metadata, spec } of of<V1NetworkPolicy>('NetworkPolicy')) {
    const { podSelector, ingress = [], egress } = spec ?? {};
    const behind = deployments.filter((each) =>
      selects(podSelector?.matchLabels, each.spec?.template.metadata?.labels),
    );
    if (behind.length !== 1)
      found.push(`NetworkPolicy ${metadata?.name} selects the pods of ${behind.length} deployments`);
    if (egress?.length !== 0) found.push(`NetworkPolicy ${metadata?.name} lets connections out`);
    const containers = behind.flatMap((each) => each.spec?.template.spec?.containers ?? []);
    const admitted = new Set(
      ingress
        .flatMap(({ ports = [] }) => ports)
        .flatMap(({ port = '' }) => containers.map((container) => portOf(container, port))),
    );
    for (const { containerPort } of containers.flatMap(({ ports = [] }) => ports))
      if (!admitted.has(containerPort))
        found.push(`NetworkPolicy ${metadata?.name} keeps clients from ${containerPort}`);
  }
  for (const { metadata, spec } of [
    ...of<V2HorizontalPodAutoscaler>('HorizontalPodAutoscaler'),
    ...of<Scaler>('ScaledObject'),
  ]) {
    if (!names.has(`Deployment ${spec?.scaleTargetRef.name}`)) found.push(`${metadata?.name} scales nothing`);
  }
  return found;
}

/** KEDA's kind, as far as it matters here. */
interface Scaler {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly scaleTargetRef: { readonly name: string } };
}

const selects = (selector: Labels | undefined, labels: Labels = {}): boolean =>
  selector !== undefined &&
  Object.keys(selector).length > 0 &&
  Object.entries(selector).every(([name, value]) => labels[name] === value);
