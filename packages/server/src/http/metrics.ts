import type { ErrorCode } from '@portico/schemas';
import { Counter, Gauge, type GaugeConfiguration, Registry } from 'prom-client';
import type { ModelDispatcher } from '../dispatch/dispatcher.ts';
import type { DispatchObserver } from '../dispatch/observer.ts';
import type { InferOutput } from '../inference.ts';
import { toFailure } from './errors/error-response.ts';
import { collectProcessMetrics } from './process-metrics.ts';
import { ModelHistogram } from './model-histogram.ts';

/** From a tiny model's run to a deadline's length, in seconds. */
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Counts how each request to a model ended, whichever protocol it came over. */
export interface RequestObserver {
  ended(model: string, outcome: RequestOutcome, milliseconds: number): void;
  /** Turned away before the dispatcher saw it. What the dispatcher rejects, it counts itself. */
  rejected(model: string, reason: 'upload-memory' | 'rate-limit'): void;
}

export type RequestOutcome = 'ok' | ErrorCode;

export interface Metrics {
  readonly registry: Registry;
  readonly requests: RequestObserver;
  /** The dispatcher's events that are counted. */
  readonly dispatch: Pick<DispatchObserver, 'started' | 'cancelled' | 'rejected' | 'restarted'>;
}

interface HeldBytes {
  readonly heldBytes: number;
}

/** Everything `GET /metrics` shows. Gauges read the dispatchers when scraped. */
export function createMetrics(
  dispatchers: () => readonly ModelDispatcher[],
  { uploads, outputs }: { readonly uploads: HeldBytes; readonly outputs: HeldBytes },
): Metrics {
  const registry = new Registry();
  collectProcessMetrics(registry);
  const registers = [registry];

  /** By model and outcome. The counter gets them when scraped: it would look its labels up for each request. */
  const ended = new Map<string, Map<RequestOutcome, number>>();
  registry.registerMetric(
    new Counter({
      name: 'portico_requests_total',
      help: 'Requests by model and how they ended: ok or an error code.',
      labelNames: ['model', 'outcome'],
      registers: [],
      collect() {
        this.reset();
        for (const [model, outcomes] of ended)
          for (const [outcome, count] of outcomes) this.inc({ model, outcome }, count);
      },
    }),
  );
  const duration = new ModelHistogram({
    name: 'portico_request_duration_seconds',
    help: 'Time from the start of a request to its answer.',
    buckets: secondsBuckets,
    registry,
  });
  const queueTime = new ModelHistogram({
    name: 'portico_queue_seconds',
    help: 'Time a request waited before an engine began with it.',
    buckets: secondsBuckets,
    registry,
  });
  const batchSize = new ModelHistogram({
    name: 'portico_batch_size',
    help: 'Inputs in one run.',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registry,
  });
  const restarts = new Counter({
    name: 'portico_replica_restarts_total',
    help: 'Engines that were replaced, by reason.',
    labelNames: ['model', 'reason'],
    registers,
  });
  const cancelled = new Counter({
    name: 'portico_cancelled_total',
    help: 'Requests whose client left, by where they were.',
    labelNames: ['model', 'stage'],
    registers,
  });
  const rejected = new Counter({
    name: 'portico_rejected_total',
    help: 'Requests rejected before an engine ran them, by reason.',
    labelNames: ['model', 'reason'],
    registers,
  });

  const eachModel = (
    read: (set: (labels: Record<string, string>, value: number) => void, dispatcher: ModelDispatcher) => void,
  ) =>
    function (this: Gauge): void {
      this.reset();
      for (const dispatcher of dispatchers())
        read((labels, value) => this.set({ model: dispatcher.model, ...labels }, value), dispatcher);
    };
  const gauge = (settings: GaugeConfiguration<string>): void =>
    registry.registerMetric(new Gauge({ ...settings, registers: [] }));
  gauge({
    name: 'portico_queue_depth',
    help: 'Requests waiting for an engine.',
    labelNames: ['model'],
    collect: eachModel((set, { pending }) => set({}, pending)),
  });
  gauge({
    name: 'portico_in_flight',
    help: 'Requests that engines are busy with.',
    labelNames: ['model'],
    collect: eachModel((set, { running }) => set({}, running)),
  });
  gauge({
    name: 'portico_clients',
    help: 'Clients that have a request pending or running, or have had more than their share.',
    labelNames: ['model'],
    collect: eachModel((set, { clients }) => set({}, clients)),
  });
  gauge({
    name: 'portico_replicas',
    help: 'Engine processes: ready, and wanted.',
    labelNames: ['model', 'state'],
    collect: eachModel((set, { replicas }) => {
      set({ state: 'ready' }, replicas.ready);
      set({ state: 'target' }, replicas.target);
    }),
  });
  gauge({
    name: 'portico_upload_bytes',
    help: 'Bytes of uploads that have arrived and are still needed.',
    collect(this: Gauge) {
      this.set(uploads.heldBytes);
    },
  });
  gauge({
    name: 'portico_unread_bytes',
    help: 'Bytes of responses that clients have not read yet.',
    collect(this: Gauge) {
      this.set(outputs.heldBytes);
    },
  });

  return {
    registry,
    requests: {
      ended: (model, outcome, milliseconds) => {
        let outcomes = ended.get(model);
        if (outcomes === undefined) ended.set(model, (outcomes = new Map()));
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        duration.observe(model, milliseconds / 1_000);
      },
      rejected: (model, reason) => rejected.inc({ model, reason }),
    },
    dispatch: {
      started: (model, size, waits) => {
        batchSize.observe(model, size);
        for (const milliseconds of waits) queueTime.observe(model, milliseconds / 1_000);
      },
      cancelled: (model, stage) => cancelled.inc({ model, stage }),
      rejected: (model, reason) => rejected.inc({ model, reason }),
      restarted: (model, reason) => restarts.inc({ model, reason }),
    },
  };
}

/** Answers a request and counts how it ended. */
export async function observeRequest<Result>(
  observer: RequestObserver,
  model: string,
  request: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  try {
    const result = await request();
    observer.ended(model, 'ok', performance.now() - startedAt);
    return result;
  } catch (error) {
    observer.ended(model, toFailure(error).code, performance.now() - startedAt);
    throw error;
  }
}

/** Does part of a request, and counts a failure for each of the models that it concerns. */
export async function observeFailure<Result>(
  observer: RequestObserver,
  models: readonly string[],
  part: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  try {
    return await part();
  } catch (error) {
    const { code } = toFailure(error);
    for (const model of models) observer.ended(model, code, performance.now() - startedAt);
    throw error;
  }
}

/** Passes on what a request yields and returns, and counts how it ended: a client that stops early has cancelled. */
export async function* observeItems<Item, Result>(
  observer: RequestObserver,
  model: string,
  items: AsyncGenerator<Item, Result, void>,
): AsyncGenerator<Item, Result, void> {
  const startedAt = performance.now();
  let outcome: RequestOutcome = 'CANCELLED';
  try {
    const result = yield* items;
    outcome = 'ok';
    return result;
  } catch (error) {
    outcome = toFailure(error).code;
    throw error;
  } finally {
    observer.ended(model, outcome, performance.now() - startedAt);
  }
}

/** The `server-timing` header: milliseconds in each phase, summed over all outputs of a batch. */
export function serverTiming(...outputs: readonly Pick<InferOutput, 'times'>[]): string {
  let queue = 0;
  let decode = 0;
  let inference = 0;
  let postprocess = 0;
  for (const { times } of outputs) {
    queue += Math.max(0, times.queue);
    decode += Math.max(0, times.decode);
    inference += Math.max(0, times.inference);
    postprocess += Math.max(0, times.postprocess);
  }
  return (
    `queue;dur=${threeDecimals(queue)}, decode;dur=${threeDecimals(decode)}, ` +
    `inference;dur=${threeDecimals(inference)}, postprocess;dur=${threeDecimals(postprocess)}`
  );
}

/** To three decimals; `toFixed` takes several times as long. */
function threeDecimals(milliseconds: number): string {
  const microseconds = Math.round(milliseconds * 1_000);
  const whole = Math.floor(microseconds / 1_000);
  return `${whole}.${String(microseconds - whole * 1_000).padStart(3, '0')}`;
}
