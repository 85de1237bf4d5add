import { expect, test } from 'vitest';
import { PlainJson, serverTransformer } from './plain-json.ts';
import { transformer } from './transformer.ts';

const read = (result: unknown): unknown => transformer.deserialize(JSON.parse(JSON.stringify(result)));

test('plain JSON is read on the other side as anything else is', () => {
  const value = { text: 'a', list: [1, null, { deep: [0.1] }] };
  expect(read(serverTransformer.serialize(new PlainJson(value)))).toEqual(value);
  expect(serverTransformer.serialize(new PlainJson(value))).toEqual(transformer.serialize(value));
});

test('plain JSON is passed on without being looked through', () => {
  const value = [1, 2];
  expect(serverTransformer.serialize(new PlainJson(value)).json).toBe(value);
});

test('anything else goes SuperJSON\u2019s way, in both directions', () => {
  const value = { at: new Date(0), data: new Uint8Array([1, 2]) };
  const result = serverTransformer.serialize(value);
  expect(result).toEqual(transformer.serialize(value));
  expect(serverTransformer.deserialize(result)).toEqual(value);
});
