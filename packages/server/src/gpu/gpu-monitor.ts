import { fileURLToPath } from 'node:url';
import type { Gpu, GpuStatus } from '@portico/schemas';
import {
  type MonitorMessage,
  type MonitorProcess,
  type MonitorSample,
  silenceReason,
  startMonitorProcess,
} from './monitor-process.ts';

/** Where the GPU monitor writes; a pino logger is one. */
export interface GpuLogger {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

export interface GpuMonitorOptions {
  readonly logger: GpuLogger;
  /** The compiled monitor; the default lies beside this module. */
  readonly monitorPath?: string;
  /** Arguments of the monitor process, for tests. */
  readonly monitorArguments?: readonly string[];
  /** A sample is valid for that long, and a monitor that is silent for that long is replaced: three samples and slack. */
  readonly maxSampleAgeMs?: number;
  /** Before a monitor that exited is replaced; doubled each time, up to `maxRestartDelayMs`. */
  readonly initialRestartDelayMs?: number;
  /** How a process is started, for tests. */
  readonly startProcess?: typeof startMonitorProcess;
}

const maxRestartDelayMs = 5 * 60_000;

export interface GpuMonitor {
  /** What is known now; it never waits. */
  status(): GpuStatus;
  /** Kills the monitor process; nothing is left that keeps the event loop alive. */
  stop(): void;
}

/** Samples the GPUs from a process of its own, so that a sick driver can stop nothing but that process. */
export const startGpuMonitor = (options: GpuMonitorOptions): GpuMonitor => new SupervisedMonitor(options);

class SupervisedMonitor implements GpuMonitor {
  readonly #options: Required<GpuMonitorOptions>;
  readonly #logTemperatures: (gpus: readonly Gpu[]) => void;
  readonly #staleTimer: NodeJS.Timeout;
  #restartDelayMs: number;
  #process: MonitorProcess | undefined;
  #startedAt = 0;
  #restartTimer: NodeJS.Timeout | undefined;
  /** The process said why it exits. */
  #explained = false;
  /** No process is started any more. */
  #finished = false;
  #status: GpuStatus = unavailable('not sampled yet');
  #problems: readonly string[] = [];
  #lastLine: string | undefined;

  constructor(options: GpuMonitorOptions) {
    const defaults = {
      monitorPath: fileURLToPath(new URL('monitor.js', import.meta.url)),
      monitorArguments: [],
      maxSampleAgeMs: 60_000,
      initialRestartDelayMs: 1_000,
      startProcess: startMonitorProcess,
    };
    this.#options = { ...defaults, ...options };
    const { logger, maxSampleAgeMs, initialRestartDelayMs } = this.#options;
    this.#logTemperatures = createTemperatureLog(logger);
    this.#restartDelayMs = initialRestartDelayMs;
    this.#staleTimer = setTimeout(() => this.#expire(silenceReason(maxSampleAgeMs)), maxSampleAgeMs).unref();
    this.#start();
  }

  status(): GpuStatus {
    return this.#status;
  }

  stop(): void {
    this.#finished = true;
    clearTimeout(this.#restartTimer);
    clearTimeout(this.#staleTimer);
    this.#process?.kill();
  }

  #start(): void {
    const { monitorPath, monitorArguments, maxSampleAgeMs, startProcess } = this.#options;
    this.#startedAt = performance.now();
    this.#explained = false;
    try {
      this.#process = startProcess({
        path: monitorPath,
        arguments: monitorArguments,
        silenceTimeoutMs: maxSampleAgeMs,
        onMessage: (message) => this.#handleMessage(message),
        onExit: (reason) => this.#handleExit(reason),
      });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#handleExit(`the GPU monitor cannot be started: ${detail}`);
    }
  }

  #handleMessage(message: MonitorMessage): void {
    if (message.kind === 'sample') return this.#handleSample(message);
    this.#explained = true;
    if (!message.permanent) return this.#expire(message.reason);
    this.#finished = true;
    clearTimeout(this.#staleTimer);
    this.#status = unavailable(message.reason);
    this.#logChange('info', `No GPU monitoring: ${message.reason}`);
  }

  #handleSample({ sampledAt, gpus, driverVersion, problems }: MonitorSample): void {
    this.#staleTimer.refresh();
    this.#status =
      gpus.length > 0 ? { available: true, sampledAt, gpus } : unavailable('the NVIDIA driver reports no GPU');
    const names = gpus.map(({ name }) => name).join(', ') || 'none';
    this.#logChange('info', `NVIDIA driver ${driverVersion}, GPUs: ${names}`);
    for (const problem of problems) if (!this.#problems.includes(problem)) this.#options.logger.warn(problem);
    this.#problems = problems;
    this.#logTemperatures(gpus);
  }

  #handleExit(reason: string): void {
    if (this.#finished) return;
    if (!this.#explained) this.#interrupt(reason);
    const { maxSampleAgeMs, initialRestartDelayMs } = this.#options;
    // A process that never sends a sample runs for `maxSampleAgeMs`: only one that ran longer was a success.
    if (performance.now() - this.#startedAt > 2 * maxSampleAgeMs) this.#restartDelayMs = initialRestartDelayMs;
    this.#restartTimer = setTimeout(() => this.#start(), this.#restartDelayMs).unref();
    this.#restartDelayMs = Math.min(2 * this.#restartDelayMs, maxRestartDelayMs);
  }

  /** The last sample is not valid any more. */
  #expire(reason: string): void {
    this.#status = unavailable(reason);
    this.#interrupt(reason);
  }

  /** No samples arrive for now; the last one stays valid until it is too old. */
  #interrupt(reason: string): void {
    if (!this.#status.available) this.#status = unavailable(reason);
    this.#logChange('warn', `GPU monitoring interrupted: ${reason}`);
  }

  /** Logs a line unless it was the last one. */
  #logChange(level: 'info' | 'warn', text: string): void {
    if (text === this.#lastLine) return;
    this.#lastLine = text;
    this.#options.logger[level](text);
  }
}

const unavailable = (reason: string): GpuStatus => ({ available: false, reason, gpus: [] });

type TemperatureLevel = 'normal' | 'high' | 'critical';

/** Degrees Celsius; a level begins above its threshold. */
const criticalAbove = 85;
const highAbove = 80;

/** Returns a function to call with every sample: it logs only when a GPU changes from one level to another. */
export function createTemperatureLog(logger: GpuLogger): (gpus: readonly Gpu[]) => void {
  const levels = new Map<number, TemperatureLevel>();
  return (gpus) => {
    for (const { index, temperatureCelsius } of gpus) {
      if (temperatureCelsius === null) continue;
      const level = levelOf(temperatureCelsius);
      if (level === (levels.get(index) ?? 'normal')) continue;
      levels.set(index, level);
      if (level === 'critical') logger.error(`GPU ${index} CRITICAL: ${temperatureCelsius}C`);
      else if (level === 'high') logger.warn(`GPU ${index} HIGH: ${temperatureCelsius}C`);
      else logger.info(`GPU ${index} back to normal: ${temperatureCelsius}C`);
    }
  };
}

function levelOf(temperatureCelsius: number): TemperatureLevel {
  if (temperatureCelsius > criticalAbove) return 'critical';
  return temperatureCelsius > highAbove ? 'high' : 'normal';
}
