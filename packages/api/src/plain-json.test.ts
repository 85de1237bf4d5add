import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { expect, test } from 'vitest';
import type { Context } from './context.ts';
import { PlainJson, serverTransformer } from './plain-json.ts';
import { transformer } from './transformer.ts';
import { procedure, router } from './trpc.ts';

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

test('plain JSON among the answers of a stream is passed on as it is too', async () => {
  const value = { numbers: [1, 2] };
  const served = router({ ask: procedure.mutation(() => new PlainJson(value)) });
  const body = JSON.stringify({ 0: { json: {} }, 1: { json: {} } });
  const headers = { 'content-type': 'application/json', 'trpc-accept': 'application/jsonl' };
  const answer = await fetchRequestHandler({
    router: served,
    endpoint: '/trpc',
    req: new Request('http://portico/trpc/ask,ask?batch=1', { method: 'POST', headers, body }),
    createContext: () => ({ requestId: 'request-1' }) as Context,
  });
  const chunks = (await answer.text())
    .trim()
    .split('\n')
    .map((line) => read(JSON.parse(line)));
  const answers = chunks.flatMap((chunk) => (JSON.stringify(chunk).includes('numbers') ? [chunk] : []));
  expect(answers).toEqual([
    [expect.any(Number), 0, [[value]]],
    [expect.any(Number), 0, [[value]]],
  ]);
});

test('anything else goes SuperJSON\u2019s way, in both directions', () => {
  const value = { at: new Date(0), data: new Uint8Array([1, 2]) };
  const result = serverTransformer.serialize(value);
  expect(result).toEqual(transformer.serialize(value));
  expect(serverTransformer.deserialize(result)).toEqual(value);
});
