import { PlainJson, serverTransformer, transformer } from '@portico/api';
import { type Task, tasks } from '@portico/schemas';
import { expect, it } from 'vitest';
import { modelList, withoutFolders } from './status.ts';
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

it.each([
  [
    'Load model from /srv/models/net.onnx failed:Protobuf parsing failed.',
    'Load model from net.onnx failed:Protobuf parsing failed.',
  ],
  ["Cannot find package 'x' imported from /app/models/ocr/model.js", "Cannot find package 'x' imported from model.js"],
  ['/onnxruntime_src/onnxruntime/core/graph/model.cc:181 Unsupported', 'model.cc:181 Unsupported'],
  [String.raw`There is no room in C:\Users\me\cache: it needs 2 GB`, 'There is no room in cache: it needs 2 GB'],
  ["ENOENT: no such file or directory, open '/srv/a.onnx'", "ENOENT: no such file or directory, open 'a.onnx'"],
  ['https://models.example.org/embed/a.onnx responds 404', 'https://models.example.org/embed/a.onnx responds 404'],
  ['3 of 4 MB/s, on/off, and/or a / b', '3 of 4 MB/s, on/off, and/or a / b'],
])('probes show no folder: %s', (text, shown) => {
  expect(withoutFolders(text)).toBe(shown);
});
