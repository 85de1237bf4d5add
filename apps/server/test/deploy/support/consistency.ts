import type {
  V1Container,
  V1Deployment,
  V1PodDisruptionBudget,
  V1PodSpec,
  V1Probe,
  V1Service,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import type { Manifest } from './manifests.ts';
import { resourceFindings } from './resources.ts';
import { securityFindings } from './security.ts';

// What no schema finds: names, ports and numbers in one place that something in another place has to match.

/** What a container of one of our images answers, and how long it takes to stop. */
export interface ImageFacts {
  /** Whether there is such a `GET` route. */
  readonly answers: (path: string) => boolean;
  /** Why this environment is wrong, or how long the container needs at the most from SIGTERM to its exit, and its memory. */
  readonly needs: (
    environment: Readonly<Record<string, string>>,
    machine: { readonly cores: number; readonly memoryBytes: number },
  ) => { readonly stopSeconds: number; readonly memoryBytes: number } | string;
}

type Labels = Readonly<Record<string, string>>;

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

/** What does not fit inside a pod; `images` says what its containers do. */
export function podFindings(
  pod: V1PodSpec,
  images: Readonly<Record<string, ImageFacts>>,
  annotations: Labels = {},
): string[] {
  const found = securityFindings(pod);
  const volumes = new Set(pod.volumes?.map(({ name }) => name));
  for (const container of pod.containers) {
    const { name, image = '', ports = [], volumeMounts = [], env = [] } = container;
    if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) found.push(`${name} is no name for a container`);
    for (const { name: volume } of volumeMounts) if (!volumes.has(volume)) found.push(`there is no volume ${volume}`);
    for (const { containerPort, name: port = '' } of ports) {
      if (!isPort(containerPort)) found.push(`${containerPort} is no port`);
      if (port.length > 15) found.push(`${port} is longer than the name of a port may be`);
    }
    for (const twice of duplicates(env.map((each) => each.name))) found.push(`${twice} is set twice`);
    const facts = images[image.split(':', 1)[0] ?? ''];
    if (facts === undefined) {
      found.push(`${image} is none of our images`);
      continue;
    }
    found.push(...probeFindings(container, facts), ...stopFindings(pod, container, facts));
    const scraped = annotations['prometheus.io/port'];
    if (scraped !== undefined) {
      if (portOf(container, Number(scraped)) === undefined) found.push(`Prometheus is sent to the port ${scraped}`);
      const path = annotations['prometheus.io/path'] ?? '/metrics';
      if (!facts.answers(path)) found.push(`Prometheus is sent to ${path}`);
    }
  }
  return found;
}

function probeFindings(container: V1Container, { answers }: ImageFacts): string[] {
  const { livenessProbe, readinessProbe, startupProbe } = container;
  const found: string[] = [];
  for (const [kind, probe] of Object.entries({ livenessProbe, readinessProbe, startupProbe })) {
    if (probe?.httpGet === undefined) {
      found.push(`there is no ${kind} over HTTP`);
      continue;
    }
    const { path = '/', port } = probe.httpGet;
    if (!answers(path)) found.push(`the ${kind} requests ${path}, which is no route`);
    if (portOf(container, port) === undefined)
      found.push(`the ${kind} requests the port ${port}, which does not exist`);
    if (kind !== 'readinessProbe' && (probe.successThreshold ?? 1) !== 1)
      found.push(`the ${kind} has a success threshold other than 1`);
    if ((probe.timeoutSeconds ?? 1) > (probe.periodSeconds ?? 10)) found.push(`the ${kind} overlaps the next`);
  }
  if (sameRequest(livenessProbe, readinessProbe)) found.push('a pod that is not ready would be restarted');
  return found;
}

const sameRequest = (one?: V1Probe, other?: V1Probe): boolean =>
  one?.httpGet?.path === '/ready' && other?.httpGet?.path === '/ready';

/** A pod is killed at the end of its grace period, of which preStop is a part. */
function stopFindings(pod: V1PodSpec, container: V1Container, { needs }: ImageFacts): string[] {
  const { cores, memoryBytes, findings } = resourceFindings(container);
  if (memoryBytes === undefined || cores === undefined) return findings;
  const environment = Object.fromEntries((container.env ?? []).map(({ name, value = '' }) => [name, value]));
  const needed = needs(environment, { cores, memoryBytes });
  if (typeof needed === 'string') return [...findings, needed];
  const found = [...findings];
  const seconds = (container.lifecycle?.preStop?.sleep?.seconds ?? 0) + needed.stopSeconds;
  const grace = pod.terminationGracePeriodSeconds ?? 30;
  if (grace < seconds) found.push(`the grace period is ${grace} seconds, but stopping may take ${seconds}`);
  if (needed.memoryBytes > memoryBytes)
    found.push(`engines need ${mebibytes(needed.memoryBytes)} MiB, but there are ${mebibytes(memoryBytes)}`);
  return found;
}

const mebibytes = (bytes: number): number => Math.round(bytes / 1024 ** 2);

/** A port of a container by its name or its number. */
export const portOf = ({ ports = [] }: V1Container, wanted: string | number): number | undefined =>
  ports.find(({ name, containerPort }) => name === wanted || containerPort === wanted)?.containerPort;

const isPort = (value: number): boolean => Number.isInteger(value) && value > 0 && value < 65_536;

const selects = (selector: Labels | undefined, labels: Labels = {}): boolean =>
  selector !== undefined &&
  Object.keys(selector).length > 0 &&
  Object.entries(selector).every(([name, value]) => labels[name] === value);

const duplicates = (names: readonly string[]): Set<string> =>
  new Set(names.filter((name, index) => names.indexOf(name) !== index));
