import { readdirSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** Raises the odds that the kernel, out of memory, takes an engine and not the gateway; oom_score_adj of proc(5). */
const outOfMemoryScore = '500';

/**
 * Steps behind the gateway: the kernel, out of memory, takes an engine first, and with a niceness above 0 everything else
 * on the machine comes first on a busy processor.
 * Threads started later inherit this, so it comes before ONNX Runtime starts its own.
 */
export function lowerPriority(niceness = 0): void {
  const linux = process.platform === 'linux';
  if (linux) tolerate(() => writeFileSync('/proc/self/oom_score_adj', outOfMemoryScore));
  // A gateway that is nicer than that has passed its own on.
  if (niceness <= getPriority()) return;
  tolerate(() => setPriority(niceness));
  if (!linux) return;
  niceThreads(niceness);
  // An engine has a session of its own, and with it a scheduling group; between groups only this counts, see sched(7).
  tolerate(() => writeFileSync('/proc/self/autogroup', String(niceness)));
}

/**
 * Linux knows a priority for each thread, and by now some have started: V8's helpers, and the pool in which sharp
 * decodes, because loading this module has used it.
 */
function niceThreads(niceness: number): void {
  tolerate(() => {
    for (const thread of readdirSync('/proc/self/task')) tolerate(() => setPriority(Number(thread), niceness));
  });
}

/** None of it is needed for correct answers, and containers may forbid all of it. */
function tolerate(action: () => void): void {
  try {
    action();
  } catch {
    // Forbidden here, or the thread has ended meanwhile.
  }
}
