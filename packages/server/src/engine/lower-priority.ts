import { readdirSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Measured: probes answer sooner at no visible cost in throughput. */
const niceness = 10;

/** Raises the odds that the kernel, out of memory, takes an engine and not the gateway; oom_score_adj of proc(5). */
const outOfMemoryScore = '500';

/**
 * Steps behind the gateway: its loop answers the probes while engines use every core.
 * Threads started later inherit this, so it comes before ONNX Runtime starts its own.
 */
export function lowerPriority(): void {
  tolerate(() => setPriority(niceness));
  if (process.platform !== 'linux') return;
  tolerate(niceThreads);
  // An engine has a session of its own, and with it a scheduling group; between groups only this counts, see sched(7).
  tolerate(() => writeFileSync('/proc/self/autogroup', String(niceness)));
  tolerate(() => writeFileSync('/proc/self/oom_score_adj', outOfMemoryScore));
}

/**
 * Linux knows a priority for each thread, and by now some have started: V8's helpers, and the pool in which sharp
 * decodes, because loading this module has used it.
 */
function niceThreads(): void {
  for (const thread of readdirSync('/proc/self/task')) tolerate(() => setPriority(Number(thread), niceness));
}

/** Neither is needed for correct answers, and containers may forbid both. */
function tolerate(action: () => void): void {
  try {
    action();
  } catch {
    // Forbidden here, or the thread has ended meanwhile.
  }
}
