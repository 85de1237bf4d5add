import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Gpu } from '@portico/schemas';
import { z } from 'zod';

/** What the monitor process writes to its parent: one JSON object a line. */
export const MonitorMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('sample'),
    sampledAt: z.iso.datetime(),
    driverVersion: z.string(),
    gpus: z.array(Gpu),
    problems: z.array(z.string()).describe('What could not be read although the device claims to support it.'),
  }),
  z.object({
    kind: z.literal('unavailable'),
    reason: z.string(),
    permanent: z.boolean().describe('True if another attempt will not help: there is no NVIDIA driver.'),
  }),
]);
export type MonitorMessage = z.infer<typeof MonitorMessage>;
export type MonitorSample = Extract<MonitorMessage, { kind: 'sample' }>;

export interface MonitorProcessOptions {
  /** The compiled monitor. */
  readonly path: string;
  readonly arguments: readonly string[];
  /** A monitor that sends nothing for that long is killed. */
  readonly silenceTimeoutMs: number;
  onMessage(message: MonitorMessage): void;
  /**
   * Called once, when the process has exited. One that is stuck inside the kernel cannot be killed; because this is called only
   * when it is gone, such processes never pile up.
   */
  onExit(reason: string): void;
}

export interface MonitorProcess {
  readonly pid: number | undefined;
  /** Kills the process and detaches from it: it keeps no event loop alive, and no handler is called any more. */
  kill(): void;
}

/** Starts the monitor; throws if the operating system refuses at once. */
export function startMonitorProcess(options: MonitorProcessOptions): MonitorProcess {
  const child = spawn(process.execPath, [options.path, ...options.arguments], {
    // Never written to: the end of standard input shows the monitor that this process has exited.
    stdio: ['pipe', 'pipe', 'inherit'],
    windowsHide: true,
  });
  let finished = false;
  let killReason: string | undefined;

  const killBecause = (reason: string) => {
    killReason ??= reason;
    child.kill('SIGKILL');
  };
  const silence = setTimeout(
    () => killBecause(silenceReason(options.silenceTimeoutMs)),
    options.silenceTimeoutMs,
  ).unref();
  const handleExit = (reason: string) => {
    clearTimeout(silence);
    if (!finished) options.onExit(killReason ?? reason);
    finished = true;
  };

  // Neither pipe exists if no process could be started for want of file descriptors.
  child.stdin?.on('error', () => {});
  child.stdout?.on('error', () => {});
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (finished || killReason !== undefined) return;
      const message = parseLine(line);
      if (message === undefined) return killBecause('the GPU monitor sent an invalid message');
      silence.refresh();
      options.onMessage(message);
    });
  }
  child.once('error', (error) => handleExit(`the GPU monitor cannot be started: ${error.message}`));
  child.once('close', (code, signal) => {
    handleExit(
      signal === null ? `the GPU monitor exited with code ${code}` : `the GPU monitor was killed by ${signal}`,
    );
  });

  return {
    pid: child.pid,
    kill: () => {
      finished = true;
      clearTimeout(silence);
      child.kill('SIGKILL');
      child.stdin?.destroy();
      child.stdout?.destroy();
      child.unref();
    },
  };
}

export const silenceReason = (milliseconds: number): string =>
  `no sample from the NVIDIA driver for ${milliseconds / 1000} s`;

function parseLine(line: string): MonitorMessage | undefined {
  try {
    return MonitorMessage.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
