import { describe, expect, it } from 'vitest';
import { type ModelNeed, shareMachine, type ShareQuestion } from './share-machine.ts';

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;
type Question = Partial<Omit<ShareQuestion, 'models' | 'machine'>> & { cores?: number; gibibytes?: number };

const need = (name: string, memoryMegabytes?: number, replicas?: number): ModelNeed => ({
  name,
  memoryMegabytes,
  replicas,
});
const share = (models: readonly ModelNeed[], { cores = 8, gibibytes = 64, ...question }: Question = {}) =>
  shareMachine({
    machine: { cores, memoryBytes: gibibytes * gibibyte },
    models,
    threads: 1,
    replicaMemoryBytes: undefined,
    replicas: undefined,
    ...question,
  });
const replicas = (models: readonly ModelNeed[], question: Question = {}, device: 'cpu' | 'cuda' = 'cpu') =>
  [...share(models, question).models.values()].map(({ replicasOn }) => replicasOn(device));
const megabytes = (models: readonly ModelNeed[], question: Question = {}) =>
  [...share(models, question).models.values()].map(({ memoryBytes }) => Math.round(memoryBytes / mebibyte));

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

  it('of no model are no question', () => {
    expect(replicas([])).toEqual([]);
  });
});

describe('The memory of an engine', () => {
  it('is its share of the machine, by need', () => {
    expect(megabytes(one, { cores: 4, gibibytes: 8 })).toEqual([(8 * 1024 - 256) / 4]);
    expect(megabytes(four, { cores: 4, gibibytes: 3.25 })).toEqual([1_536, 512, 512, 512]);
    expect(megabytes(four, { cores: 8, gibibytes: 6.25 })).toEqual([1_536, 512, 512, 512]);
  });

  it('is what it needs where the machine is too small for all, which is told', () => {
    const question = { cores: 4, gibibytes: 1 };
    expect(megabytes(four, question)).toEqual([768, 256, 256, 256]);
    const { neededBytes, availableBytes } = share(four, question);
    expect([neededBytes, availableBytes]).toEqual([1_536 * mebibyte, 768 * mebibyte]);
  });

  it('is never less than that, however many replicas are asked for', () => {
    expect(megabytes(one, { replicas: 10, gibibytes: 2 })).toEqual([768]);
  });

  it('is what it is said to be', () => {
    expect(megabytes(four, { replicaMemoryBytes: 600 * mebibyte })).toEqual([600, 600, 600, 600]);
  });
});
