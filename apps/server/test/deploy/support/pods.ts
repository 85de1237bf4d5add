import type { V1Container, V1PodSpec, V1Probe } from '@kubernetes/client-node';
import { resourceFindings } from './resources.ts';

/** The responses of a container of this repository's images, and how long it takes to stop. */
export interface ImageFacts {
  /** Whether there is such a `GET` route. */
  readonly answers: (path: string) => boolean;
  /** Why this environment is wrong, or how long the container needs at the most from SIGTERM to its exit, and its memory. */
  readonly needs: (
    environment: Readonly<Record<string, string>>,
    machine: { readonly cores: number; readonly memoryBytes: number },
  ) => { readonly stopSeconds: number; readonly memoryBytes: number } | string;
}

export type Labels = Readonly<Record<string, string>>;

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
    // As in `registry.example.org/portico:1.0.0`.
    const [, imageName = ''] = /([^/:]+)(?::[^/]*)?$/.exec(image) ?? [];
    const facts = images[imageName];
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

export const isPort = (value: number): boolean => Number.isInteger(value) && value > 0 && value < 65_536;

/** What the Pod Security Standard `restricted` of Kubernetes would refuse, and writable root file systems. */
function securityFindings({ securityContext: pod, containers, ...spec }: V1PodSpec): string[] {
  const found: string[] = [];
  for (const { name, securityContext: own } of containers) {
    if ((own?.runAsNonRoot ?? pod?.runAsNonRoot) !== true) found.push(`${name} may run as root`);
    if ((own?.runAsUser ?? pod?.runAsUser) === 0) found.push(`${name} runs as root`);
    if ((own?.seccompProfile ?? pod?.seccompProfile)?.type !== 'RuntimeDefault')
      found.push(`${name} has no seccomp profile`);
    if (own?.allowPrivilegeEscalation !== false) found.push(`${name} may gain privileges`);
    if (own?.capabilities?.drop?.includes('ALL') !== true) found.push(`${name} keeps capabilities`);
    if (own?.capabilities?.add !== undefined) found.push(`${name} adds capabilities`);
    if (own?.readOnlyRootFilesystem !== true) found.push(`${name} may write to its image`);
    if (own?.privileged === true) found.push(`${name} is privileged`);
  }
  if (spec.hostNetwork === true || spec.hostPID === true || spec.hostIPC === true) found.push('the host is shared');
  if (spec.volumes?.some(({ hostPath }) => hostPath !== undefined)) found.push('a folder of the host is mounted');
  return found;
}

export const duplicates = (names: readonly string[]): Set<string> =>
  new Set(names.filter((name, index) => names.indexOf(name) !== index));
