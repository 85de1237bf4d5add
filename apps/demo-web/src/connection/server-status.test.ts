import type { GpuStatus, ModelList, ReadyStatus } from '@portico/sdk';
import { expect, it } from 'vitest';
import { readStatus } from './server-status.ts';

const task = {
  kind: 'task',
  name: 'measure',
  summary: 'Measure.',
  variant: 'toy',
  device: 'cpu',
  devicesRefused: [],
  maxBatch: null,
  accepts: ['image/*'],
  answers: ['application/json'],
  params: {},
  item: null,
  inputKind: 'file',
  parts: null,
  produces: null,
};
const readiness = { kind: 'task', name: 'measure', replicas: { ready: 1, target: 1 } };
const noGpu = { available: false, reason: 'There is none.', gpus: [] };

const read = (models: unknown, ready: unknown = { status: 'ready', models: [readiness] }, gpu: unknown = noGpu) =>
  readStatus({ models } as ModelList, ready as ReadyStatus, gpu as GpuStatus);

it('A model with a malformed description is left out, and no other', () => {
  const bad = [null, 5, {}, { ...task, name: '../x' }, { ...task, name: 'constructor()' }, { ...task, summary: {} }];
  const worse = [
    { ...task, accepts: 'image/*' },
    { ...task, devicesRefused: [{}] },
    { ...task, kind: 'other' },
  ];
  const { models } = read([
    ...bad,
    task,
    ...worse,
    { ...task, kind: 'tensors', version: '1', inputs: {}, outputs: null },
    {
      ...task,
      kind: 'tensors',
      version: '1',
      inputs: [],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [1], labels: [{}] }],
    },
  ]);
  expect(models).toEqual([task]);
});

it('Several files have names and types; a server before 0.2 does not say what a task takes and produces', () => {
  const left = { name: 'left', accepts: ['image/png'] };
  const form = { ...task, inputKind: 'form', accepts: ['multipart/form-data'], parts: [left] };
  const { inputKind: _kind, parts: _parts, produces: _produces, ...old } = task;
  const { models } = read([
    form,
    { ...form, parts: [left, { name: '../x', accepts: [] }] },
    { ...form, parts: 'left' },
    { ...old, accepts: ['application/json'] },
    { ...old, answers: ['application/json', 'image/png'] },
  ]);
  expect(models).toMatchObject([
    { inputKind: 'form', parts: [left], produces: null },
    { inputKind: 'file', parts: null },
    { inputKind: 'file', parts: null },
    { inputKind: 'json', parts: null, produces: null },
    { inputKind: 'file', produces: { mediaType: 'image/png' } },
  ]);
});

it('No more models than fit on a page are taken, with short summaries', () => {
  const { models } = read(Array.from({ length: 100_000 }, () => ({ ...task, summary: 'x'.repeat(10_000) })));
  expect(models.length).toBeLessThanOrEqual(200);
  expect(models[0]).toMatchObject({ summary: 'x'.repeat(2_000) });
});

it('A server of another kind is refused', () => {
  const lists: unknown[] = [undefined, null, {}, 'models'];
  for (const models of lists) expect(() => read(models)).toThrow('not a Portico server');
  expect(() => read([], { status: 'ready' })).toThrow('not a Portico server');
  expect(() => read([], undefined)).not.toThrow();
  expect(() => read([], null)).toThrow('not a Portico server');
});

it('Malformed GPUs are left out', () => {
  expect(
    read([], undefined, { available: true, gpus: [{ index: 0, name: 'A', powerWatts: 'many' }] }).gpu,
  ).toBeUndefined();
  expect(read([], undefined, null).gpu).toBeUndefined();
  expect(read([], undefined, noGpu).gpu).toEqual(noGpu);
});
