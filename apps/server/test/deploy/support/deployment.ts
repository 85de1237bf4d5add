import type { V1PodSpec } from '@kubernetes/client-node';
import { eventually, startServer } from '../../harness/server-process.ts';
import { Pod } from './kubelet.ts';
import { type Service, startService } from './service.ts';

export interface RolloutOptions {
  readonly spec: V1PodSpec;
  /** Beside what the spec says. */
  readonly environment: NodeJS.ProcessEnv;
  readonly pods: number;
  readonly endpointLagMs: number;
  /** Called when all pods get requests; the rollout ends before what it returns is called. */
  readonly underLoad: (url: string) => () => Promise<void>;
}

const readyMs = 90_000;

/** The real server in a pod of this spec. */
export const startPod = (
  spec: V1PodSpec,
  environment: NodeJS.ProcessEnv,
  options: { readonly secondMs?: number; readonly changed?: () => void } = {},
): Pod => {
  const own = Object.fromEntries(spec.containers[0]?.env?.map(({ name, value }) => [name, value]) ?? []);
  return new Pod({ spec, ...options, launch: () => startServer({ LOG_LEVEL: 'info', ...own, ...environment }) });
};

/**
 * Replaces every pod as a Deployment with `maxSurge: 1` and `maxUnavailable: 0` does: as soon as a new one is ready, an old one is
 * deleted, and is not waited for.
 */
export async function rollout({
  spec,
  environment,
  pods,
  endpointLagMs,
  underLoad,
}: RolloutOptions): Promise<readonly Pod[]> {
  const all: Pod[] = [];
  const ends: Promise<void>[] = [];
  const ready = (): number[] => all.filter((pod) => pod.ready).map((pod) => pod.server.port);
  await using service: Service = await startService({ ready, endpointLagMs });
  const create = async (): Promise<Pod> => {
    const pod = startPod(spec, environment, { changed: () => service.changed() });
    all.push(pod);
    await pod.start();
    await becomesReady(pod);
    return pod;
  };
  try {
    const old = await Promise.all(Array.from({ length: pods }, create));
    await eventually(async () => (service.endpoints.length === pods ? true : undefined), readyMs);
    const stop = underLoad(service.url);
    for (const pod of old) {
      await create();
      ends.push(pod.delete());
    }
    await Promise.all(ends);
    await stop();
    return old;
  } finally {
    await Promise.all(all.map((pod) => pod[Symbol.asyncDispose]()));
  }
}

export const becomesReady = (pod: Pod): Promise<true> =>
  eventually(async () => (pod.ready ? true : undefined), readyMs);
