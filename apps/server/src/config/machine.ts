import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './default-replicas.ts';

/** The cores and the memory this process may use, cgroup limits included. */
export function thisMachine(): Machine {
  const constrained = process.constrainedMemory();
  const limited = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return { cores: Math.max(1, Math.floor(Math.min(availableParallelism(), cgroupCores()))), memoryBytes: limited };
}

/** Cores by CPU quota, in cgroup v2 (`cpu.max`) or v1 (`cpu.cfs_quota_us`); infinite where there is none. */
function cgroupCores(): number {
  const own = read('/proc/self/cgroup')?.split('\n') ?? [];
  const unified = own.find((line) => line.startsWith('0::'))?.slice(3);
  const cpu = own.find((line) => /^\d+:[^:]*\bcpu\b[^:]*:/.test(line))?.split(':')[2];
  const quotas = [
    ...ancestors(unified).map((path) => quota(read(join('/sys/fs/cgroup', path, 'cpu.max')))),
    ...ancestors(cpu).map((path) => {
      const folder = join('/sys/fs/cgroup/cpu', path);
      return quota(`${read(join(folder, 'cpu.cfs_quota_us'))} ${read(join(folder, 'cpu.cfs_period_us'))}`);
    }),
  ];
  return Math.min(Infinity, ...quotas);
}

/** A group and all above it: the narrowest limit counts. */
function ancestors(path: string | undefined): string[] {
  if (path === undefined) return [];
  const parts = path.split('/').filter((part) => part !== '');
  return Array.from({ length: parts.length + 1 }, (_, depth) => parts.slice(0, depth).join('/'));
}

/** `max 100000` or `-1 100000` means no limit. */
function quota(text: string | undefined): number {
  const [allowed, period] = (text ?? '').trim().split(/\s+/).map(Number);
  return allowed !== undefined && period !== undefined && allowed > 0 && period > 0 ? allowed / period : Infinity;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    // Not this kind of cgroup, or none at all.
    return undefined;
  }
}
