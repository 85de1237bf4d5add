import { PlainJson, serverTransformer, transformer } from '@portico/api';
import { type Task, tasks } from '@portico/schemas';
import { expect, it } from 'vitest';
import { modelList } from './status.ts';
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
