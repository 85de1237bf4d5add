import { posix } from 'node:path';

/** Cores by CPU quota, in cgroup v2 (`cpu.max`) or v1 (`cpu.cfs_quota_us`); infinite where there is none. */
export function cgroupCores(read: (path: string) => string | undefined): number {
  const own = read('/proc/self/cgroup')?.trim().split('\n') ?? [];
  const unified = own.find((line) => line.startsWith('0::'))?.slice(3);
  const cpu = own.find((line) => /^\d+:[^:]*\bcpu\b[^:]*:/.test(line))?.split(':')[2];
  const quotas = [
    ...ancestors(unified).map((path) => quota(read(posix.join('/sys/fs/cgroup', path, 'cpu.max')))),
    ...ancestors(cpu).map((path) => {
      const folder = posix.join('/sys/fs/cgroup/cpu', path);
      return quota(`${read(posix.join(folder, 'cpu.cfs_quota_us'))} ${read(posix.join(folder, 'cpu.cfs_period_us'))}`);
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
