import { PlainJson, serverTransformer, transformer } from '@portico/api';
import { type Task, tasks } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import { modelList, readyStatus } from './status.ts';
import { createContext } from './trpc/context.ts';

const served = {
  models: new Map(
    Object.values<Task>(tasks).map((task) => [
      task.name,
      { task, settings: { variants: { small: {} } }, variant: 'small', dispatcher: { info: undefined } },
    ]),
  ),
  tensors: new Map(),
} as never;

it('the schemas of a task are computed once', () => {
  const [first, second] = [modelList(served), modelList(served)];
  expect(first.models).toHaveLength(Object.keys(tasks).length);
  for (const [index, model] of first.models.entries()) {
    const again = second.models[index];
    if (model.kind !== 'task' || again?.kind !== 'task') throw new Error('Not the models of tasks');
    expect(again.params).toBe(model.params);
    expect(again.output).toBe(model.output);
    expect(again.item).toBe(model.item);
    expect(again.params).not.toBe(again.output);
  }
});

it('tRPC returns the models as plain JSON, which SuperJSON need not look through', () => {
  const request = { params: { path: 'models.list' } };
  const list = createContext(served, request as never, {} as never).models();
  expect(list).toBeInstanceOf(PlainJson);
  const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  expect(overTheWire(serverTransformer.serialize(list))).toEqual(overTheWire(transformer.serialize(modelList(served))));
});

describe('/ready says why, in sentences', () => {
  const waiting = (model: string, detail: string) => ({
    task: { name: model },
    variant: 'small',
    dispatcher: {
      model,
      ready: false,
      detail,
      replicas: { ready: 0, target: 1 },
      progress: undefined,
      info: undefined,
    },
  });
  const detailOf = (details: Readonly<Record<string, string>>, draining = false): string => {
    const models = new Map(Object.entries(details).map(([model, detail]) => [model, waiting(model, detail)]));
    const status = readyStatus({ models, tensors: new Map(), repository: {}, lifecycle: { draining } } as never);
    return status.status === 'ready' ? '' : status.detail;
  };

  it.each([
    ['loading on cpu', 'Model a is not ready: loading on cpu.'],
    ['Its file is missing.', 'Model a is not ready: Its file is missing.'],
    ['downloading net.onnx: 1 MB of 9 MB (11 %)', 'Model a is not ready: downloading net.onnx: 1 MB of 9 MB (11 %).'],
    ['it says "Invalid model."', 'Model a is not ready: it says "Invalid model."'],
    ['is it "there"?', 'Model a is not ready: is it "there"?'],
    ['expected one of:', 'Model a is not ready: expected one of.'],
    ['starting\n', 'Model a is not ready: starting.'],
    ['', 'Model a is not ready.'],
  ])('%j', (detail, sentence) => {
    expect(detailOf({ a: detail })).toBe(sentence);
  });

  it('of several models, one after the other', () => {
    expect(detailOf({ a: 'warming up', b: 'Load model from /srv/b.onnx failed:Invalid' }, true)).toBe(
      'The server is draining. Model a is not ready: warming up. Model b is not ready: Load model from b.onnx failed:Invalid.',
    );
  });
});
