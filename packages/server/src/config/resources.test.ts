import { availableParallelism, totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { cgroupCores, type ModelNeed, shareMachine, type ShareOptions, thisMachine } from './resources.ts';

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;
type Options = Partial<Omit<ShareOptions, 'models' | 'machine'>> & { cores?: number; gibibytes?: number };

const need = (name: string, memoryMegabytes?: number, replicas?: number): ModelNeed => ({
  name,
  memoryMegabytes,
  replicas,
});
const share = (models: readonly ModelNeed[], { cores = 8, gibibytes = 64, ...options }: Options = {}) =>
  shareMachine({
    machine: { cores, memoryBytes: gibibytes * gibibyte },
    models,
    threads: 1,
    replicaMemoryBytes: undefined,
    replicas: undefined,
    device: 'auto',
    ...options,
  });
const replicas = (models: readonly ModelNeed[], options: Options = {}, device: 'cpu' | 'cuda' = 'cpu') =>
  [...share(models, options).models.values()].map(({ replicasOn }) => replicasOn(device));
const megabytes = (models: readonly ModelNeed[], options: Options = {}) =>
  [...share(models, options).models.values()].map(({ memoryBytes }) => Math.round(memoryBytes / mebibyte));

const one = [need('ocr')];
const four = [need('ocr', 768), need('faces', 256), need('segment', 256), need('vad', 256)];

describe('Replicas', () => {
  it('fill the cores', () => {
    expect(replicas(one)).toEqual([8]);
    expect(replicas(one, { threads: 4 })).toEqual([2]);
    expect(replicas(one, { threads: 16 })).toEqual([1]);
  });

  it('are shared out over the models; who is named first gets what cannot be divided', () => {
    expect(replicas(four)).toEqual([2, 2, 2, 2]);
    expect(replicas(four, { cores: 6 })).toEqual([2, 2, 1, 1]);
    expect(replicas(four, { cores: 2 })).toEqual([1, 1, 1, 1]);
  });

  it('fit into the memory, one of each at the least', () => {
    expect(replicas(one, { gibibytes: 2 })).toEqual([2]);
    expect(replicas(one, { gibibytes: 0.25 })).toEqual([1]);
    // 3328 MiB: two of each take 3072, and then there is room for one of the small ones only.
    expect(replicas(four, { gibibytes: 3.5, cores: 64 })).toEqual([2, 3, 2, 2]);
    expect(replicas(one, { replicaMemoryBytes: 16 * gibibyte })).toEqual([3]);
  });

  it('are two on a GPU', () => {
    expect(replicas(four, {}, 'cuda')).toEqual([2, 2, 2, 2]);
  });

  it('are as many as asked for, by the model before the environment', () => {
    expect(replicas([need('ocr'), need('loop', 256, 1)], { replicas: 5 })).toEqual([5, 1]);
    expect(replicas([need('ocr'), need('loop', 256, 1)], { replicas: 5 }, 'cuda')).toEqual([5, 1]);
  });

  it('of one model that says how many it wants leave the other cores to the others', () => {
    expect(replicas([need('ocr'), need('loop', 256, 2), need('faces')])).toEqual([3, 2, 3]);
  });

  it('of no model are none', () => {
    expect(replicas([])).toEqual([]);
  });
});

describe('The memory of an engine', () => {
  it('is its share of the machine, by need', () => {
    expect(megabytes(one, { cores: 4, gibibytes: 8 })).toEqual([(8 * 1024 - 256) / 4]);
    expect(megabytes(four, { cores: 4, gibibytes: 3.25 })).toEqual([1_536, 512, 512, 512]);
    expect(megabytes(four, { cores: 8, gibibytes: 6.25 })).toEqual([1_536, 512, 512, 512]);
  });

  it('is what it needs where the machine is too small for all, which is reported', () => {
    const options = { cores: 4, gibibytes: 1 };
    expect(megabytes(four, options)).toEqual([768, 256, 256, 256]);
    const { neededBytes, availableBytes } = share(four, options);
    expect([neededBytes, availableBytes]).toEqual([1_536 * mebibyte, 768 * mebibyte]);
  });

  it('is never less than that, however many replicas are asked for', () => {
    expect(megabytes(one, { replicas: 10, gibibytes: 2 })).toEqual([768]);
  });

  it('is shared by two of each model where the device is a GPU, so that all of them stay below the limit', () => {
    expect(megabytes(four, { device: 'cuda', cores: 3, gibibytes: 6.25 })).toEqual([1_536, 512, 512, 512]);
    expect(megabytes(one, { device: 'cuda', cores: 16, gibibytes: 8.25 })).toEqual([4_096]);
    expect(replicas(one, { device: 'cuda', cores: 16 }, 'cuda')).toEqual([2]);
    expect(megabytes(one, { device: 'cuda', replicas: 4, gibibytes: 8.25 })).toEqual([2_048]);
  });

  it('is what it is said to be', () => {
    expect(megabytes(four, { replicaMemoryBytes: 600 * mebibyte })).toEqual([600, 600, 600, 600]);
  });
});

describe('This machine', () => {
  it('has at least a core, and no more of anything than exists', () => {
    const { cores, memoryBytes } = thisMachine();
    expect(Number.isInteger(cores)).toBe(true);
    expect(cores).toBeGreaterThanOrEqual(1);
    expect(cores).toBeLessThanOrEqual(availableParallelism());
    expect(memoryBytes).toBeGreaterThan(0);
    expect(memoryBytes).toBeLessThanOrEqual(totalmem());
  });

  const cores = (files: Record<string, string>): number => cgroupCores((path) => files[path]);

  it('is not limited outside a cgroup', () => {
    expect(cores({})).toBe(Infinity);
  });

  it('is limited by cgroup v2 with a quota and a period in one file', () => {
    expect(cores({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '150000 100000\n' })).toBe(1.5);
    expect(cores({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n' })).toBe(Infinity);
  });

  it('is limited by the narrowest of a group and those above it', () => {
    const files = {
      '/proc/self/cgroup': '0::/pods/one\n',
      '/sys/fs/cgroup/pods/cpu.max': '200000 100000\n',
      '/sys/fs/cgroup/pods/one/cpu.max': '800000 100000\n',
    };
    expect(cores(files)).toBe(2);
  });

  it('is limited by cgroup v1 with a quota and a period in two files', () => {
    const own = '12:memory:/pod\n5:cpuset:/pod\n4:cpu,cpuacct:/pod\n';
    const folder = '/sys/fs/cgroup/cpu/pod';
    const files = { '/proc/self/cgroup': own, [`${folder}/cpu.cfs_period_us`]: '100000\n' };
    expect(cores({ ...files, [`${folder}/cpu.cfs_quota_us`]: '400000\n' })).toBe(4);
    expect(cores({ ...files, [`${folder}/cpu.cfs_quota_us`]: '-1\n' })).toBe(Infinity);
  });

  it('is limited in a container, whose own group is the root of what it sees', () => {
    const own = '4:cpu,cpuacct:/docker/0123456789ab\n';
    const files = {
      '/proc/self/cgroup': own,
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
    };
    expect(cores(files)).toBe(0.5);
  });
});
