import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { posix } from 'node:path';
import type { Device } from '@portico/schemas';

// What the machine has, and how models share it.

const mebibyte = 1024 * 1024;
/** For the gateway, the GPU monitor and the system. */
const gatewayBytes = 256 * mebibyte;
/** OCR of photographs of 12 megapixels takes 650 MB. */
const defaultMemoryMegabytes = 768;
/** On a GPU one replica copies while the other computes. */
const replicasPerGpu = 2;

/** What the process may use, cgroup limits included. */
export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
  /** That a process may have open; undefined where the system does not say. */
  readonly maxDescriptors?: number | undefined;
}

export function thisMachine(): Machine {
  const constrained = process.constrainedMemory();
  return {
    cores: Math.max(1, Math.floor(Math.min(availableParallelism(), cgroupCores(readText)))),
    memoryBytes: constrained > 0 ? Math.min(constrained, totalmem()) : totalmem(),
    // Node has raised the soft limit to the hard one.
    maxDescriptors: descriptorsOf(readText('/proc/self/limits')),
  };
}

/** Undefined if there is no such file: another version of cgroups, or none. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function descriptorsOf(limits: string | undefined): number | undefined {
  const [, soft] = /^Max open files +(\d+)/m.exec(limits ?? '') ?? [];
  return soft === undefined ? undefined : Number(soft);
}

/** Cores by CPU quota, in cgroup v2 (`cpu.max`) or v1 (`cpu.cfs_quota_us`); infinite without one. */
export function cgroupCores(read: (path: string) => string | undefined): number {
  const own = read('/proc/self/cgroup')?.trim().split('\n') ?? [];
  const unified = own.find((line) => line.startsWith('0::'))?.slice(3);
  const cpu = own.find((line) => /^\d+:[^:]*\bcpu\b[^:]*:/.test(line))?.split(':')[2];
  const quotas = [
    ...withAncestors(unified).map((path) => coresOf(read(posix.join('/sys/fs/cgroup', path, 'cpu.max')))),
    ...withAncestors(cpu).map((path) => {
      const folder = posix.join('/sys/fs/cgroup/cpu', path);
      return coresOf(
        `${read(posix.join(folder, 'cpu.cfs_quota_us'))} ${read(posix.join(folder, 'cpu.cfs_period_us'))}`,
      );
    }),
  ];
  return Math.min(Infinity, ...quotas);
}

/** A group and all above it: the narrowest limit counts. */
function withAncestors(path: string | undefined): string[] {
  if (path === undefined) return [];
  const parts = path.split('/').filter((part) => part !== '');
  return Array.from({ length: parts.length + 1 }, (_, depth) => parts.slice(0, depth).join('/'));
}

/** `150000 100000` is a core and a half; `max 100000` and `-1 100000` are no limit. */
function coresOf(text: string | undefined): number {
  const [quota, period] = (text ?? '').trim().split(/\s+/).map(Number);
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : Infinity;
}

/** What a model needs of the machine. */
export interface ModelNeed {
  readonly name: string;
  /** What an engine usually holds. @default 768 */
  readonly memoryMegabytes?: number | undefined;
  /** Engine processes, whatever the machine has. */
  readonly replicas?: number | undefined;
}

export interface ShareOptions {
  readonly machine: Machine;
  /** The first ones get what cannot be divided. */
  readonly models: readonly ModelNeed[];
  readonly threads: number;
  /** Of every model, whatever it needs. */
  readonly replicaMemoryBytes: number | undefined;
  /** Of every model that does not say itself. */
  readonly replicas: number | undefined;
  /** What models run on; with `auto` that turns out later, and counts as the CPU. */
  readonly device: Device | 'auto';
}

/** A model's share of the machine. */
export interface ModelShare {
  /** Engine processes, by the device that is chosen for them. */
  readonly replicasOn: (device: Device) => number;
  /** Bytes an engine may hold before it is replaced at once. */
  readonly memoryBytes: number;
}

export interface MachineShares {
  readonly models: ReadonlyMap<string, ModelShare>;
  /** Bytes that all engines usually hold, and those available to them. */
  readonly neededBytes: number;
  readonly availableBytes: number;
}

/**
 * Shares cores and memory out over the models. Each has at least one replica; further ones fill the cores, one thread each by
 * default, and the memory. On a GPU that is asked for by name there are two of each. Memory is shared out by need. On a machine too small for all, each engine may hold what it needs: it
 * works as long as not all are busy at once.
 */
export function shareMachine({ machine, models, threads, ...forAll }: ShareOptions): MachineShares {
  const { replicaMemoryBytes, device } = forAll;
  const replicasByDefault = device === 'auto' || device === 'cpu' ? undefined : replicasPerGpu;
  const availableBytes = Math.max(0, machine.memoryBytes - gatewayBytes);
  const allotments = models.map(({ name, memoryMegabytes = defaultMemoryMegabytes, replicas }): Allotment => {
    const requested = replicas ?? forAll.replicas ?? replicasByDefault;
    const neededBytes = replicaMemoryBytes ?? memoryMegabytes * mebibyte;
    return { name, requested, replicas: requested ?? 1, neededBytes };
  });
  addReplicas(allotments, Math.floor(machine.cores / threads), availableBytes);

  const neededBytes = totalBytes(allotments);
  const surplus = Math.max(1, availableBytes / neededBytes);
  const shares = allotments.map(({ name, requested, replicas, neededBytes }): [string, ModelShare] => [
    name,
    {
      replicasOn: (device) => (device === 'cpu' ? replicas : (requested ?? replicasPerGpu)),
      memoryBytes: replicaMemoryBytes ?? Math.floor(neededBytes * surplus),
    },
  ]);
  return { models: new Map(shares), neededBytes, availableBytes };
}

interface Allotment {
  readonly name: string;
  readonly requested: number | undefined;
  replicas: number;
  /** Of one replica. */
  readonly neededBytes: number;
}

const totalBytes = (allotments: readonly Allotment[]): number =>
  allotments.reduce((sum, { replicas, neededBytes }) => sum + replicas * neededBytes, 0);

/** Gives each model in turn one replica more, until the cores or the memory are used up. */
function addReplicas(allotments: readonly Allotment[], maxReplicas: number, availableBytes: number): void {
  const open = allotments.filter(({ requested }) => requested === undefined);
  let free = maxReplicas - allotments.reduce((sum, { replicas }) => sum + replicas, 0);
  let freeBytes = availableBytes - totalBytes(allotments);
  for (let added = true; added;) {
    added = false;
    for (const allotment of open) {
      if (free < 1 || freeBytes < allotment.neededBytes) continue;
      allotment.replicas += 1;
      free -= 1;
      freeBytes -= allotment.neededBytes;
      added = true;
    }
  }
}
