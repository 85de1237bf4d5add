import type { V2HorizontalPodAutoscalerSpec, V2HPAScalingPolicy } from '@kubernetes/client-node';
import { metric } from '../../harness/metric.ts';
import type { ServerProcess } from '../../harness/server-process.ts';
import type { Pod } from './kubelet.ts';

/** Of a ratio to 1, within which Kubernetes leaves the number of pods alone. */
const tolerance = 0.1;
/** What the expressions in `deploy` average over. */
const windowSeconds = 60;

interface Reading {
  readonly at: number;
  /** In runs and in the queue, since the start of the server. */
  readonly seconds: number;
}

/** Decides about the number of pods as Kubernetes' controller does, upwards; down takes longer than a test. */
export class Autoscaler {
  readonly #spec: V2HorizontalPodAutoscalerSpec;
  readonly #readings = new Map<Pod, Reading[]>();
  /** How many pods there were, at which second. */
  readonly #history: { readonly at: number; readonly pods: number }[] = [];

  constructor(spec: V2HorizontalPodAutoscalerSpec) {
    this.#spec = spec;
  }

  /** The mean load of the pods that are ready. */
  async load(pods: readonly Pod[]): Promise<number> {
    const ready = pods.filter((pod) => pod.ready);
    const loads = await Promise.all(ready.map((pod) => this.#loadOf(pod)));
    return loads.reduce((sum, load) => sum + load, 0) / Math.max(1, loads.length);
  }

  /** How many there should be, where there are so many pods with this mean load. */
  desired(pods: number, load: number): number {
    const at = performance.now() / 1_000;
    this.#history.push({ at, pods });
    const target = Number(this.#spec.metrics?.[0]?.pods?.target.averageValue);
    const ratio = load / target;
    if (Math.abs(ratio - 1) <= tolerance) return pods;
    const { policies = [] } = this.#spec.behavior?.scaleUp ?? {};
    const limits = policies.map((policy) => this.#limit(policy, at));
    return Math.max(pods, Math.min(Math.ceil(pods * ratio), this.#spec.maxReplicas, Math.max(...limits)));
  }

  /** What a policy allows, from the pods that there were a period ago. */
  #limit({ type, value, periodSeconds }: V2HPAScalingPolicy, at: number): number {
    const before = this.#history.find((each) => at - each.at <= periodSeconds)?.pods ?? 0;
    return type === 'Percent' ? Math.ceil(before * (1 + value / 100)) : before + value;
  }

  /** Of its one model with its one engine. */
  async #loadOf(pod: Pod): Promise<number> {
    const now = performance.now() / 1_000;
    const readings = (this.#readings.get(pod) ?? []).filter(({ at }) => now - at <= windowSeconds);
    readings.push({ at: now, seconds: await engineAndQueueSeconds(pod.server) });
    this.#readings.set(pod, readings);
    const [first, last] = [readings[0], readings.at(-1)];
    if (first === undefined || last === undefined || first === last) return 0;
    return (last.seconds - first.seconds) / (last.at - first.at);
  }
}

/** Seconds that the engines have spent in runs, and requests of the fixture model before them. */
export const engineAndQueueSeconds = async (server: ServerProcess): Promise<number> =>
  (await metric(server, 'portico_run_phase_seconds_sum', { model: 'rows' })) +
  (await metric(server, 'portico_queue_seconds_sum', { model: 'rows' }));
