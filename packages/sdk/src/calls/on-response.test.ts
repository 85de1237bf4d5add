import { expect, test } from 'vitest';
import { startStubServer } from '../../test/stub-server.ts';
import { createPortico } from '../create-portico.ts';
import type { ResponseInfo } from '../options.ts';

const picture = new Blob(['pixels'], { type: 'image/png' });
const headers = { 'x-request-id': 'request-1', 'server-timing': 'queue;dur=0.125, inference;dur=12.5' };
const timing = { queue: 0.125, inference: 12.5 };

test('an upload reports the response with the request ID and the time of each phase', async () => {
  await using server = await startStubServer({ headers, body: { lines: [] } });
  const seen: ResponseInfo[] = [];
  await createPortico({ url: server.url }).ocr(picture, {}, { onResponse: (info) => seen.push(info) });
  expect(seen).toEqual([{ status: 200, requestId: 'request-1', timing, warnings: [] }]);
});

test('each response of a call that is retried is reported, a failed one too', async () => {
  let requests = 0;
  await using server = await startStubServer(() => {
    requests += 1;
    return requests === 1 ? { status: 503, body: 'Busy' } : { headers, body: { lines: [] } };
  });
  const seen: number[] = [];
  const options = { retry: { initialDelayMs: 1 }, onResponse: ({ status }: ResponseInfo) => seen.push(status) };
  await createPortico({ url: server.url }).ocr(picture, {}, options);
  expect(seen).toEqual([503, 200]);
});

test('the codes of warnings are told where the response is bytes', async () => {
  const bytes = { 'content-type': 'image/png', 'x-warnings': 'truncated, firstPage' };
  await using server = await startStubServer({ headers: { ...headers, ...bytes }, body: 'PNG' });
  const seen: (readonly string[])[] = [];
  const onResponse = ({ warnings }: ResponseInfo): void => void seen.push(warnings);
  await createPortico({ url: server.url }).segment.image(picture, {}, { onResponse });
  expect(seen).toEqual([['truncated', 'firstPage']]);
});

test('times that are none are left out', async () => {
  const metrics = 'cdn;desc="a, b";dur=1, queue;dur=1.5,decode;dur=2, inference;dur=., __proto__;dur=7, x, ;dur=2,';
  await using server = await startStubServer({ headers: { 'server-timing': metrics }, body: {} });
  const seen: ResponseInfo[] = [];
  await createPortico({ url: server.url }).ocr(picture, {}, { onResponse: (info) => seen.push(info) });
  expect(Object.entries(seen[0]?.timing ?? {})).toEqual(
    Object.entries(JSON.parse('{"queue":1.5,"decode":2,"__proto__":7}')),
  );
  expect(Object.getPrototypeOf(seen[0]?.timing)).toBe(Object.prototype);
});

test.each(['ocr', 'ready'] as const)('a listener that throws ends the call and its response, of %s', async (method) => {
  let signal: AbortSignal | null | undefined;
  const mistake = new Error('A mistake.');
  const portico = createPortico({
    url: 'http://portico.invalid',
    fetch: async (_url, init) => {
      signal = init.signal;
      return Response.json({});
    },
    onResponse: () => {
      throw mistake;
    },
  });
  await expect(method === 'ocr' ? portico.ocr(picture) : portico.ready()).rejects.toBe(mistake);
  expect(signal?.aborted).toBe(true);
});
