import type { Device } from '@portico/schemas';

/** What the process may use: cgroup limits count as the machine. */
export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
}

/** What a model asks of the machine. */
export interface ModelNeed {
  readonly name: string;
  /** What an engine holds as a rule; 768 unless told. */
  readonly memoryMegabytes?: number | undefined;
  /** Engine processes, whatever the machine is. */
  readonly replicas?: number | undefined;
}

export interface ShareQuestion {
  readonly machine: Machine;
  /** Who is named first gets what cannot be divided. */
  readonly models: readonly ModelNeed[];
  readonly threads: number;
  /** Set for all models. */
  readonly replicaMemoryBytes: number | undefined;
  /** Set for all models that do not say themselves. */
  readonly replicas: number | undefined;
}

/** A model's part of the machine. */
export interface ModelShare {
  /** Engine processes, by the device they turn out to run on. */
  readonly replicasOn: (device: Device) => number;
  /** Bytes an engine may hold before it is replaced at once. */
  readonly memoryBytes: number;
}

export interface MachineShares {
  readonly models: ReadonlyMap<string, ModelShare>;
  /** Bytes that all engines on the CPU hold as a rule, and those there are for them. */
  readonly neededBytes: number;
  readonly availableBytes: number;
}

const mebibyte = 1024 * 1024;
/** The gateway, the GPU monitor and the system's own. */
const gatewayBytes = 256 * mebibyte;
/** OCR of photographs of 12 megapixels holds 650 MB. */
const usualMegabytes = 768;
/** On a GPU one replica copies while the other computes. */
const replicasOnGpu = 2;

/**
 * One thread a replica, replicas filling the cores and the memory, one of each model at the least; the memory is shared out by
 * need. Where it is too small each engine may hold what it needs, in the hope that not all are busy at once.
 */
export function shareMachine(question: ShareQuestion): MachineShares {
  const { machine, models, threads, replicaMemoryBytes, replicas } = question;
  const availableBytes = Math.max(0, machine.memoryBytes - gatewayBytes);
  const places = models.map(({ name, memoryMegabytes = usualMegabytes, replicas: own }) => {
    const asked = own ?? replicas;
    return { name, asked, count: asked ?? 1, needBytes: replicaMemoryBytes ?? memoryMegabytes * mebibyte };
  });
  fill(places, Math.floor(machine.cores / threads), availableBytes);

  const neededBytes = needOf(places);
  const surplus = Math.max(1, availableBytes / neededBytes);
  const shares = places.map(({ name, asked, count, needBytes }): [string, ModelShare] => [
    name,
    {
      replicasOn: (device) => (device === 'cpu' ? count : (asked ?? replicasOnGpu)),
      memoryBytes: replicaMemoryBytes ?? Math.floor(needBytes * surplus),
    },
  ]);
  return { models: new Map(shares), neededBytes, availableBytes };
}

interface Place {
  readonly asked: number | undefined;
  count: number;
  readonly needBytes: number;
}

const needOf = (places: readonly Place[]): number =>
  places.reduce((sum, { count, needBytes }) => sum + count * needBytes, 0);

/** Gives each model in turn one replica more, until the cores or the memory are used up. */
function fill(places: readonly Place[], slots: number, availableBytes: number): void {
  const open = places.filter(({ asked }) => asked === undefined);
  let free = slots - places.reduce((sum, { count }) => sum + count, 0);
  let freeBytes = availableBytes - needOf(places);
  for (let given = true; given;) {
    given = false;
    for (const place of open) {
      if (free < 1 || freeBytes < place.needBytes) continue;
      place.count += 1;
      free -= 1;
      freeBytes -= place.needBytes;
      given = true;
    }
  }
}
