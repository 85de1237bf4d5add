import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { cgroupCores } from './cgroup-cores.ts';
import type { Machine } from './share-machine.ts';

/** The cores and the memory this process may use, cgroup limits included. */
export function thisMachine(): Machine {
  const constrained = process.constrainedMemory();
  const limited = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return { cores: Math.max(1, Math.floor(Math.min(availableParallelism(), cgroupCores(read)))), memoryBytes: limited };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not this kind of cgroup, or none at all.
    return undefined;
  }
}
