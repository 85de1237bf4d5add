import { closeSync, openSync, readSync } from 'node:fs';

const sampleMs = 250;

interface Watched {
  /** An open /proc/PID/status. It stays that process's, whoever gets its number later. */
  readonly status: number;
  readonly onSample: (residentBytes: number) => void;
}

const watched = new Set<Watched>();
/** One for all processes, and none without any. */
let sampling: NodeJS.Timeout | undefined;

/** The text of `status` has about 1500 bytes, but before the memory it lists all groups of the process's user. */
const text = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Samples the memory a process holds, from outside, because an engine inside a native run cannot report.
 * Where there is no /proc the engine's own figure after each batch has to do.
 */
export function watchMemory(pid: number | undefined, onSample: (residentBytes: number) => void): () => void {
  const status = pid === undefined ? undefined : openStatus(pid);
  if (status === undefined) return () => {};
  const process = { status, onSample };
  watched.add(process);
  sampling ??= setInterval(sampleAll, sampleMs).unref();
  return () => stopWatching(process);
}

function sampleAll(): void {
  for (const process of watched) {
    const bytes = residentBytes(process.status);
    if (bytes === undefined) stopWatching(process);
    else if (bytes > 0) process.onSample(bytes);
  }
}

function stopWatching(process: Watched): void {
  if (!watched.delete(process)) return;
  closeSync(process.status);
  if (watched.size > 0) return;
  clearInterval(sampling);
  sampling = undefined;
}

/** Undefined where there is no /proc, when the process is gone already, and when there is no descriptor left. */
export function openStatus(pid: number): number | undefined {
  try {
    return openSync(`/proc/${pid}/status`, 'r');
  } catch {
    return undefined;
  }
}

/**
 * `VmRSS` of proc(5), in bytes; 0 for a process that is just ending, undefined for one that is gone. Read at once, which
 * takes 20 µs and waits for nothing: the kernel takes no lock for it that a busy process holds.
 */
export function residentBytes(status: number): number | undefined {
  try {
    const length = readSync(status, text, 0, text.length, 0);
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text.toString('latin1', 0, length))?.[1] ?? 0) * 1024;
  } catch {
    return undefined;
  }
}
