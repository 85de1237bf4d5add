import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { MonitorMessage } from './monitor-message.ts';

export interface MonitorProcessOptions {
  /** The compiled monitor. */
  readonly path: string;
  readonly arguments: readonly string[];
  /** A monitor that says nothing for so long is killed. */
  readonly silenceMs: number;
  message(message: MonitorMessage): void;
  /**
   * Called once, when the process is gone. One that is stuck inside the kernel cannot be killed and
   * is reported only when it is gone, so that such processes never pile up.
   */
  ended(reason: string): void;
}

export interface MonitorProcess {
  readonly pid: number | undefined;
  /** Kills the process and lets go of it: it keeps no event loop alive, and nothing more is reported. */
  abandon(): void;
}

/** Starts the monitor; throws where the operating system refuses at once. */
export function startMonitorProcess(options: MonitorProcessOptions): MonitorProcess {
  const child = spawn(process.execPath, [options.path, ...options.arguments], {
    // Never written to: the end of standard input tells the monitor that this process is gone.
    stdio: ['pipe', 'pipe', 'inherit'],
    windowsHide: true,
  });
  let over = false;
  let failure: string | undefined;

  const kill = (reason: string) => {
    failure ??= reason;
    child.kill('SIGKILL');
  };
  const silence = setTimeout(() => kill(silenceReason(options.silenceMs)), options.silenceMs);
  silence.unref();
  const end = (reason: string) => {
    clearTimeout(silence);
    if (!over) options.ended(failure ?? reason);
    over = true;
  };

  // Neither pipe exists where no process could be started for want of descriptors.
  child.stdin?.on('error', () => {});
  child.stdout?.on('error', () => {});
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (over || failure !== undefined) return;
      const message = parseLine(line);
      if (message === undefined) return kill('the GPU monitor sent a line that is none of its messages');
      silence.refresh();
      options.message(message);
    });
  }
  child.once('error', (error) => end(`the GPU monitor cannot be started: ${error.message}`));
  child.once('close', (code, signal) => end(`the GPU monitor ended with ${signal ?? `code ${code}`}`));

  return {
    pid: child.pid,
    abandon: () => {
      over = true;
      clearTimeout(silence);
      child.kill('SIGKILL');
      child.stdin?.destroy();
      child.stdout?.destroy();
      child.unref();
    },
  };
}

/** Why a monitor counts as silent. */
export function silenceReason(milliseconds: number): string {
  return `no sample from the NVIDIA driver for ${milliseconds / 1000} s`;
}

function parseLine(line: string): MonitorMessage | undefined {
  try {
    return MonitorMessage.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
