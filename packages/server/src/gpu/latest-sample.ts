import type { GpuStatus } from '@portico/schemas';
import type { GpuLogger } from './gpu-logger.ts';
import type { MonitorSample } from './monitor-message.ts';
import { silenceReason } from './monitor-process.ts';
import { createTemperatureLog } from './temperature-log.ts';

/** What is known of the GPUs, and the log of how that changes. */
export class LatestSample {
  readonly #logger: GpuLogger;
  readonly #logTemperatures: (sample: MonitorSample['gpus']) => void;
  readonly #stale: NodeJS.Timeout;
  #status: GpuStatus = unavailable('not sampled yet');
  #problems: readonly string[] = [];
  #logged: string | undefined;

  /** A sample is believed for `staleMs`. */
  constructor(logger: GpuLogger, staleMs: number) {
    this.#logger = logger;
    this.#logTemperatures = createTemperatureLog(logger);
    this.#stale = setTimeout(() => this.lose(silenceReason(staleMs)), staleMs).unref();
  }

  get status(): GpuStatus {
    return this.#status;
  }

  take({ sampledAt, gpus, driverVersion, problems }: MonitorSample): void {
    this.#stale.refresh();
    this.#status =
      gpus.length > 0 ? { available: true, sampledAt, gpus } : unavailable('the NVIDIA driver reports no GPU');
    this.#logOnce('info', `NVIDIA driver ${driverVersion}, GPUs: ${gpus.map(({ name }) => name).join(', ') || 'none'}`);
    for (const problem of problems) if (!this.#problems.includes(problem)) this.#logger.warn(problem);
    this.#problems = problems;
    this.#logTemperatures(gpus);
  }

  /** There are no GPUs to sample, now or ever. */
  giveUp(reason: string): void {
    this.close();
    this.#status = unavailable(reason);
    this.#logOnce('info', `No GPU monitoring: ${reason}`);
  }

  /** The GPUs cannot be sampled any more. */
  lose(reason: string): void {
    this.#status = unavailable(reason);
    this.interrupt(reason);
  }

  /** Sampling stopped, for a moment perhaps: the last sample holds until it is stale. */
  interrupt(reason: string): void {
    if (!this.#status.available) this.#status = unavailable(reason);
    this.#logOnce('warn', `GPU monitoring interrupted: ${reason}`);
  }

  close(): void {
    clearTimeout(this.#stale);
  }

  /** The same line again, however often it is tried, says nothing new. */
  #logOnce(level: 'info' | 'warn', text: string): void {
    if (text === this.#logged) return;
    this.#logged = text;
    this.#logger[level](text);
  }
}

function unavailable(reason: string): GpuStatus {
  return { available: false, reason, gpus: [] };
}
