import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';
import { fileAsJson, form, post, postJson, refusal, streamOf } from './support/asking.ts';
import { metricsOf } from './support/metrics.ts';
import { blank, mebibyte, padded } from './support/pages.ts';
import { RawConnection } from './support/raw-connection.ts';

let server: ServerProcess;
let png: Buffer;
let large: Uint8Array<ArrayBuffer>;

// Memory for one large upload at a time, so that a single one that is not given back stops everything.
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'ocr,crash', MAX_UPLOAD_MB: '2', MAX_INFLIGHT_MB: '5' });
  [png] = await Promise.all([blank(64), server.ready()]);
  large = new Uint8Array(padded(png, 2 * mebibyte));
});
afterAll(() => server[Symbol.asyncDispose]());

const ocr = (): string => `${server.url}/ocr`;

/**
 * Behind a run that is still going on, so short a deadline would be refused as overload. What an engine begins for a client
 * who has left is not counted, but an answer comes after it.
 */
const atRest = async (): Promise<true> => {
  await (await post(ocr(), new Uint8Array(png), raw)).arrayBuffer();
  return eventually(async () =>
    (await metric(server, 'portico_in_flight', { model: 'ocr' })) === 0 ? true : undefined,
  );
};
const raw = { 'content-type': 'image/png' };
const announced = { ...raw, 'content-length': 2 * mebibyte };

/** It may take a moment until the server has seen a connection open or close. */
const held = (bytes: number): Promise<true> =>
  eventually(async () => ((await metricsOf(server.url)).value('portico_upload_bytes') === bytes ? true : undefined));

/** Asks while all but a byte of a large upload has arrived. Soon it would be taken for slow, and give way. */
async function besideLarge(ask: () => Promise<Response>): Promise<Response> {
  using holder = await RawConnection.open(server.port);
  holder.request('POST /ocr', announced, large.subarray(1));
  await held(2 * mebibyte - 1);
  return await ask();
}

const cancelled = async (): Promise<number> =>
  (await metricsOf(server.url)).value('portico_requests_total', { model: 'ocr', outcome: 'CANCELLED' }) ?? 0;

describe('Memory for uploads', () => {
  it('is full when MAX_INFLIGHT_MB are held, and free again when they have gone', async () => {
    const full = { status: 503, code: 'OVERLOADED' };
    const response = await besideLarge(() => post(ocr(), large, raw));
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await refusal(response)).toEqual(full);
    expect(await refusal(await besideLarge(() => post(ocr(), streamOf(large), raw)))).toEqual(full);
    expect(await refusal(await besideLarge(() => post(ocr(), form(large))))).toEqual(full);
    const call = (): Promise<Response> => postJson(`${server.url}/trpc/ocr.infer`, { large: 'x'.repeat(2 * mebibyte) });
    expect((await besideLarge(call)).status).toBe(503);
    // What is small still finds a place.
    expect((await besideLarge(() => post(ocr(), new Uint8Array(png), raw))).status).toBe(200);
    await held(0);
    expect((await post(ocr(), large, raw)).status).toBe(200);
    const found = await metricsOf(server.url);
    expect(found.value('portico_rejected_total', { model: 'ocr', reason: 'upload-memory' })).toBeGreaterThanOrEqual(4);
  });

  it.each<[string, () => Promise<Response>, number]>([
    ['a result', () => post(ocr(), large, raw), 200],
    ['a result for JSON', () => postJson(ocr(), { input: fileAsJson(padded(png, 2 * mebibyte)) }), 200],
    ['a file that cannot be decoded', () => post(ocr(), new Uint8Array(2 * mebibyte), raw), 400],
    ['an unknown type', () => post(ocr(), new Uint8Array(2 * mebibyte)), 415],
    ['wrong parameters', () => post(`${ocr()}?bogus=1`, large, raw), 422],
    ['a file that is too large', () => post(ocr(), streamOf(padded(png, 2 * mebibyte + 1)), raw), 413],
    [
      'a deadline that passes',
      () => atRest().then(() => post(ocr(), large, { ...raw, 'x-timeout-seconds': '0.001' })),
      504,
    ],
    ['a tRPC error', () => postJson(`${server.url}/trpc/ocr.infer`, { large: 'x'.repeat(mebibyte / 2) }), 422],
  ])('is given back after %s', async (_end, ask, status) => {
    for (let round = 0; round < 2; round += 1) {
      const response = await ask();
      expect(response.status).toBe(status);
      await response.arrayBuffer();
    }
    await held(0);
  });
});

describe('A client who leaves', () => {
  it.each([
    ['a raw upload', 'POST /ocr', raw, 'half of it'],
    [
      'a form',
      'POST /ocr',
      { 'content-type': 'multipart/form-data; boundary=b' },
      '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\nhalf of it',
    ],
    ['the head of a form', 'POST /ocr', { 'content-type': 'multipart/form-data; boundary=b' }, '--b\r\ncontent-'],
    ['a batch', 'POST /ocr/batch', { 'content-type': 'multipart/form-data; boundary=b' }, '--b\r\n'],
    ['JSON', 'POST /ocr', { 'content-type': 'application/json' }, '{"input":'],
    ['a tRPC call', 'POST /trpc/ocr.infer', { 'content-type': 'application/json' }, '{"json":'],
  ])('in the middle of %s is no defect', async (_name, line, headers, part) => {
    const id = `leaves-${Math.random().toString(36).slice(2)}`;
    {
      using connection = await RawConnection.open(server.port);
      connection.request(line, { ...headers, 'content-length': 2 * mebibyte, 'x-request-id': id }, part);
      // An announcement takes nothing.
      await held(part.length);
    }
    const end = await server.logged((line) => line['requestId'] === id && 'status' in line);
    expect(end).toMatchObject({ status: 499 });
    expect(server.log.filter((line) => line['requestId'] === id && line['level'] === 'error')).toEqual([]);
    await held(0);
  });

  it('while its request runs is counted as cancelled, and the next is served', async () => {
    const runs = (): Promise<number> => metric(server, 'portico_batch_size_count', { model: 'crash' });
    const [before, runsBefore] = [await metricsOf(server.url), await runs()];
    const controller = new AbortController();
    const body = JSON.stringify({ input: { how: 'answer', milliseconds: 400 } });
    const asked = fetch(`${server.url}/crash`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
      signal: controller.signal,
    });
    // What is on its way to a free engine is in flight already, but does not run yet.
    await eventually(async () => ((await runs()) > runsBefore ? true : undefined));
    controller.abort();
    await expect(asked).rejects.toThrow('aborted');
    expect((await postJson(`${server.url}/crash`, { input: { how: 'answer' } })).status).toBe(200);
    const after = await metricsOf(server.url);
    const counts = (found: typeof before): number[] => [
      found.value('portico_cancelled_total', { model: 'crash', stage: 'running' }) ?? 0,
      found.value('portico_requests_total', { model: 'crash', outcome: 'CANCELLED' }) ?? 0,
    ];
    expect(counts(after)).toEqual(counts(before).map((count) => count + 1));
  });

  it('has left nothing that was taken for a defect', async () => {
    expect(await cancelled()).toBe(11);
    const { text } = await metricsOf(server.url);
    expect(text).not.toContain('outcome="INTERNAL"');
    expect(server.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
