import { transformer } from '@portico/api';
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
  await createPortico(server).ocr(picture, {}, { onResponse: (info) => seen.push(info) });
  expect(seen).toEqual([{ status: 200, requestId: 'request-1', timing }]);
});

test('each response of a call that is retried is reported, a failed one too', async () => {
  let requests = 0;
  await using server = await startStubServer(() => {
    requests += 1;
    return requests === 1 ? { status: 503, body: 'Busy' } : { headers, body: { lines: [] } };
  });
  const seen: number[] = [];
  const options = { retry: { initialDelayMs: 1 }, onResponse: ({ status }: ResponseInfo) => seen.push(status) };
  await createPortico(server).ocr(picture, {}, options);
  expect(seen).toEqual([503, 200]);
});

test('a call over tRPC reports its response, alone or with others in one request', async () => {
  const body = (count: number): unknown => {
    const result = { result: { data: transformer.serialize({ models: [] }) } };
    return count === 1 ? result : Array.from({ length: count }, () => result);
  };
  await using server = await startStubServer(({ path }) => ({ headers, body: body(path.split(',').length) }));
  const portico = createPortico({ url: server.url, retry: false });
  const seen: (string | undefined)[] = [];
  const onResponse = ({ requestId }: ResponseInfo): void => void seen.push(requestId);
  await portico.models({ onResponse });
  expect(seen).toEqual(['request-1']);
  await Promise.allSettled([portico.models({ onResponse }), portico.gpu({ onResponse })]);
  expect(seen).toEqual(['request-1', 'request-1', 'request-1']);
});
