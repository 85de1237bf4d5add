import { fileURLToPath } from 'node:url';
import type { GpuStatus } from '@portico/schemas';
import type { GpuLogger } from './gpu-logger.ts';
import { LatestSample } from './latest-sample.ts';
import { type MonitorProcess, startMonitorProcess } from './monitor-process.ts';

export interface GpuMonitorOptions {
  readonly logger: GpuLogger;
  /** The compiled monitor; the default lies beside this module. */
  readonly monitorPath?: string;
  /** Arguments of the monitor process, for tests. */
  readonly monitorArguments?: readonly string[];
  /** A sample is believed for so long, and a monitor that is silent for so long is replaced: three samples and slack. */
  readonly staleMs?: number;
  /** The pause before a monitor that ended is replaced. It doubles each time, up to five minutes. */
  readonly firstPauseMs?: number;
  /** How a process is started, for tests. */
  readonly startProcess?: typeof startMonitorProcess;
}

export interface GpuMonitor {
  /** What is known now; it never waits. */
  status(): GpuStatus;
  /** Ends the monitor process; nothing is left that keeps the event loop alive. */
  stop(): void;
}

const LONGEST_PAUSE_MILLISECONDS = 5 * 60_000;

/** Samples the GPUs from a process of its own, so that a sick driver can stop nothing but that process. */
export function startGpuMonitor(options: GpuMonitorOptions): GpuMonitor {
  const {
    logger,
    monitorPath = fileURLToPath(new URL('monitor.js', import.meta.url)),
    monitorArguments = [],
    staleMs = 60_000,
    firstPauseMs = 1000,
    startProcess = startMonitorProcess,
  } = options;
  const latest = new LatestSample(logger, staleMs);
  let monitor: MonitorProcess | undefined;
  let replacement: NodeJS.Timeout | undefined;
  let pause = firstPauseMs;
  let finished = false;

  const start = () => {
    const startedAt = performance.now();
    let reported = false;
    const ended = (reason: string) => {
      if (finished) return;
      if (!reported) latest.interrupt(reason);
      // One that never answered lived for one such time: only a longer life is a success.
      if (performance.now() - startedAt > 2 * staleMs) pause = firstPauseMs;
      replacement = setTimeout(start, pause).unref();
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS);
    };
    try {
      monitor = startProcess({
        path: monitorPath,
        arguments: monitorArguments,
        silenceMs: staleMs,
        ended,
        message: (message) => {
          if (message.kind === 'sample') return latest.take(message);
          reported = true;
          finished = message.permanent;
          if (finished) latest.giveUp(message.reason);
          else latest.lose(message.reason);
        },
      });
    } catch (error) {
      ended(`the GPU monitor cannot be started: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  start();

  return {
    status: () => latest.status,
    stop: () => {
      finished = true;
      clearTimeout(replacement);
      latest.close();
      monitor?.abandon();
    },
  };
}
