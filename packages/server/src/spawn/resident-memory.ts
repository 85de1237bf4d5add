import { closeSync, openSync, readSync } from 'node:fs';

const sampleMs = 250;

interface Watched {
  /** A descriptor of /proc/PID/status. It belongs to this process even if its id is used again. */
  readonly status: number;
  readonly onSample: (residentBytes: number) => void;
}

const watched = new Set<Watched>();
/** One timer for all processes; none while there are none. */
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
  const one = { status, onSample };
  watched.add(one);
  sampling ??= setInterval(sampleAll, sampleMs).unref();
  return () => stopWatching(one);
}

function sampleAll(): void {
  for (const one of watched) {
    const bytes = residentBytes(one.status);
    if (bytes === undefined) stopWatching(one);
    else if (bytes > 0) one.onSample(bytes);
  }
}

function stopWatching(one: Watched): void {
  if (!watched.delete(one)) return;
  closeSync(one.status);
  if (watched.size > 0) return;
  clearInterval(sampling);
  sampling = undefined;
}

/** Undefined where there is no /proc, when the process has ended, and when no descriptor is left. */
export function openStatus(pid: number): number | undefined {
  try {
    return openSync(`/proc/${pid}/status`, 'r');
  } catch {
    return undefined;
  }
}

/**
 * `VmRSS` of proc(5), in bytes; 0 for a process that is ending, undefined for one that has ended. The synchronous read takes 20 µs:
 * the kernel needs no lock that a busy process holds.
 */
export function residentBytes(status: number): number | undefined {
  try {
    const length = readSync(status, text, 0, text.length, 0);
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text.toString('latin1', 0, length))?.[1] ?? 0) * 1024;
  } catch {
    return undefined;
  }
}
