import type { GpuStatus } from '@portico/schemas';
import { Counter, Gauge, type GaugeConfiguration, Registry } from 'prom-client';
import type { ModelDispatcher } from '../../dispatch/dispatcher.ts';
import type { DispatchObserver } from '../../dispatch/observer.ts';
import type { RequestObserver, RequestOutcome } from '../metrics.ts';
import { Statistics } from '../statistics.ts';
import { collectGpuMetrics } from './gpu-metrics.ts';
import { Histogram, secondsBuckets } from './histogram.ts';
import { collectProcessMetrics } from './process-metrics.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly requests: RequestObserver;
  readonly statistics: Statistics;
  /** The dispatcher's events that are counted. */
  readonly dispatch: Pick<DispatchObserver, 'started' | 'ran' | 'cancelled' | 'rejected' | 'restarted' | 'downloaded'>;
}

interface MetricSources {
  readonly uploads: HeldBytes;
  readonly outputs: HeldBytes;
  readonly gpu: () => GpuStatus;
  /** How long a request may take at most. */
  readonly longestMs: number;
}

interface HeldBytes {
  readonly heldBytes: number;
}

/** Everything `GET /metrics` shows. Gauges read the dispatchers when scraped. */
export function createMetrics(dispatchers: () => readonly ModelDispatcher[], sources: MetricSources): Metrics {
  const registry = new Registry();
  collectProcessMetrics(registry);
  collectGpuMetrics(registry, sources.gpu);
  collectModelGauges(registry, dispatchers);
  collectMemoryGauges(registry, sources);
  const registers = [registry];
  const buckets = secondsBuckets(sources.longestMs);
  const statistics = new Statistics();

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
  const duration = new Histogram({
    name: 'portico_request_duration_seconds',
    help: 'Time from the start of a request to its response.',
    buckets,
    labelNames: ['model'],
    registry,
  });
  const queueTime = new Histogram({
    name: 'portico_queue_seconds',
    help: 'Time a request waited before an engine began with it.',
    buckets,
    labelNames: ['model'],
    registry,
  });
  const phaseTime = new Histogram({
    name: 'portico_run_phase_seconds',
    help: 'Time of a run in each of its phases: decode, inference and postprocess.',
    buckets,
    labelNames: ['model', 'phase'],
    registry,
  });
  const batchSize = new Histogram({
    name: 'portico_batch_size',
    help: 'Inputs in one run.',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    labelNames: ['model'],
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
    help: 'Requests whose client left, by stage.',
    labelNames: ['model', 'stage'],
    registers,
  });
  const rejected = new Counter({
    name: 'portico_rejected_total',
    help: 'Requests rejected before an engine ran them, by reason.',
    labelNames: ['model', 'reason'],
    registers,
  });

  const downloadedBytes = new Counter({
    name: 'portico_weights_download_bytes_total',
    help: 'Bytes of weights that engines have downloaded.',
    labelNames: ['model'],
    registers,
  });
  const downloadTime = new Counter({
    name: 'portico_weights_download_seconds_total',
    help: 'Time in which these bytes arrived.',
    labelNames: ['model'],
    registers,
  });

  return {
    registry,
    statistics,
    requests: {
      ended: (model, outcome, milliseconds) => {
        let outcomes = ended.get(model);
        if (outcomes === undefined) ended.set(model, (outcomes = new Map()));
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        duration.observe(milliseconds / 1_000, model);
        statistics.ended(model, outcome, milliseconds);
      },
      rejected: (model, reason) => rejected.inc({ model, reason }),
    },
    dispatch: {
      started: (model, size, waits) => {
        batchSize.observe(size, model);
        for (const milliseconds of waits) queueTime.observe(milliseconds / 1_000, model);
        statistics.started(model, waits);
      },
      ran: (model, times, batchSize) => {
        const { decode, inference, postprocess } = times;
        phaseTime.observe(decode / 1_000, model, 'decode');
        phaseTime.observe(inference / 1_000, model, 'inference');
        phaseTime.observe(postprocess / 1_000, model, 'postprocess');
        statistics.ran(model, times, batchSize);
      },
      cancelled: (model, stage) => cancelled.inc({ model, stage }),
      rejected: (model, reason) => rejected.inc({ model, reason }),
      restarted: (model, reason) => restarts.inc({ model, reason }),
      downloaded: (model, bytes, milliseconds) => {
        downloadedBytes.inc({ model }, bytes);
        downloadTime.inc({ model }, milliseconds / 1_000);
      },
    },
  };
}

/** What the dispatchers know at the moment of a scrape. */
function collectModelGauges(registry: Registry, dispatchers: () => readonly ModelDispatcher[]): void {
  type Set = (value: number, labels?: Readonly<Record<string, string>>) => void;
  const gauge = (
    settings: Omit<GaugeConfiguration<string>, 'labelNames'> & { readonly labelNames?: readonly string[] },
    read: (dispatcher: ModelDispatcher, set: Set) => void,
  ): void =>
    registry.registerMetric(
      new Gauge({
        ...settings,
        labelNames: ['model', ...(settings.labelNames ?? [])],
        registers: [],
        collect() {
          this.reset();
          for (const dispatcher of dispatchers())
            read(dispatcher, (value, labels) => this.set({ model: dispatcher.model, ...labels }, value));
        },
      }),
    );
  gauge({ name: 'portico_queue_depth', help: 'Requests waiting for an engine.' }, ({ pending }, set) => set(pending));
  gauge({ name: 'portico_in_flight', help: 'Requests that engines are busy with.' }, ({ running }, set) =>
    set(running),
  );
  gauge(
    {
      name: 'portico_clients',
      help: 'Clients that have a request pending or running, or have had more than their share.',
    },
    ({ clients }, set) => set(clients),
  );
  gauge(
    { name: 'portico_replicas', help: 'Engine processes: ready, and wanted.', labelNames: ['state'] },
    ({ replicas }, set) => {
      set(replicas.ready, { state: 'ready' });
      set(replicas.target, { state: 'target' });
    },
  );
  gauge({ name: 'portico_model_ready', help: '1 if the model takes requests, as /ready says, else 0.' }, (model, set) =>
    set(model.ready ? 1 : 0),
  );
  gauge(
    {
      name: 'portico_model_info',
      help: '1, with the device that the model runs on and the version of ONNX Runtime; absent until a replica has loaded.',
      labelNames: ['device', 'onnxruntime_version'],
    },
    ({ info }, set) => {
      if (info !== undefined) set(1, { device: info.device, onnxruntime_version: info.onnxruntimeVersion });
    },
  );
  gauge(
    { name: 'portico_engine_resident_bytes', help: 'Memory that the engines of the model hold together.' },
    ({ residentBytes }, set) => set(residentBytes),
  );
}

function collectMemoryGauges(registry: Registry, { uploads, outputs }: MetricSources): void {
  const gauge = (name: string, help: string, source: HeldBytes): void =>
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(source.heldBytes);
        },
      }),
    );
  gauge('portico_upload_bytes', 'Bytes of uploads that have arrived and are still needed.', uploads);
  gauge('portico_unread_bytes', 'Bytes of responses that clients have not read yet.', outputs);
}
