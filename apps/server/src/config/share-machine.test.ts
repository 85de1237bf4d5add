import { describe, expect, it } from 'vitest';
import { defaultReplicas, type ReplicaQuestion } from './default-replicas.ts';

const gibibyte = 1024 ** 3;
const ask = (question: Partial<ReplicaQuestion> & { cores?: number; gibibytes?: number }) =>
  defaultReplicas({
    machine: { cores: question.cores ?? 8, memoryBytes: (question.gibibytes ?? 64) * gibibyte },
    models: 1,
    threads: 1,
    replicaMemoryBytes: undefined,
    replicas: undefined,
    ...question,
  });

describe('Replicas', () => {
  it('fill the cores', () => {
    expect(ask({}).replicasOn('cpu')).toBe(8);
    expect(ask({ threads: 4 }).replicasOn('cpu')).toBe(2);
  });

  it('are shared out over the models, one at the least', () => {
    expect(ask({ models: 3 }).replicasOn('cpu')).toBe(2);
    expect(ask({ models: 20 }).replicasOn('cpu')).toBe(1);
    expect(ask({ models: 0 }).replicasOn('cpu')).toBe(8);
  });

  it('fit into the memory, one at the least', () => {
    expect(ask({ gibibytes: 2 }).replicasOn('cpu')).toBe(2);
    expect(ask({ gibibytes: 0.25 }).replicasOn('cpu')).toBe(1);
    expect(ask({ replicaMemoryBytes: 16 * gibibyte }).replicasOn('cpu')).toBe(3);
  });

  it('are two on a GPU', () => {
    expect(ask({}).replicasOn('cuda')).toBe(2);
  });

  it('are as many as asked for', () => {
    expect(ask({ replicas: 5 }).replicasOn('cpu')).toBe(5);
    expect(ask({ replicas: 5 }).replicasOn('cuda')).toBe(5);
  });
});

describe('The memory of a replica', () => {
  it('is its share of the machine', () => {
    const { replicaMemoryBytes } = ask({ cores: 4, gibibytes: 8 });
    expect(replicaMemoryBytes).toBe(Math.floor((8 * gibibyte - 256 * 1024 ** 2) / 4));
  });

  it('is what it is said to be', () => {
    expect(ask({ replicaMemoryBytes: gibibyte }).replicaMemoryBytes).toBe(gibibyte);
  });
});
