import { readFile } from 'node:fs/promises';

const sampleMs = 250;

/**
 * Samples the memory a process holds, from outside, because an engine inside a native run cannot report.
 * Where there is no /proc the engine's own figure after each batch has to do.
 */
export function watchMemory(pid: number | undefined, onSample: (residentBytes: number) => void): () => void {
  if (process.platform !== 'linux' || pid === undefined) return () => {};
  const timer = setInterval(() => {
    residentBytes(pid).then(
      (bytes) => bytes > 0 && onSample(bytes),
      // The process is gone; its exit is handled elsewhere.
      () => clearInterval(timer),
    );
  }, sampleMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** `VmRSS` of proc(5), in bytes; 0 for a process that is just ending. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
