import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { type AppRouter, transformer } from '@portico/api';
import { ModelList, OcrResult, type Problem } from '@portico/schemas';
import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpLink, TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';
import { post, postJson } from './support/asking.ts';
import { blank, mebibyte, padded, page, pageText } from './support/pages.ts';

let server: ServerProcess;
let png: Buffer;
const responses: Response[] = [];

beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'ocr', MAX_UPLOAD_MB: '1' });
  [png] = await Promise.all([page(), server.ready()]);
});
afterAll(() => server[Symbol.asyncDispose]());

/** A client whose last response can be looked at. */
const client = (headers: Record<string, string> = {}, link = httpLink, { url } = server) =>
  createTRPCClient<AppRouter>({
    links: [
      link({
        url: `${url}/trpc`,
        transformer,
        headers,
        fetch: async (input, init) => {
          const response = await fetch(input, { ...init, signal: init?.signal ?? null });
          responses.push(response);
          return response;
        },
      }),
    ],
  });
const lastResponse = (): Response => responses.at(-1) as Response;

/** The problem with which a call is refused. */
async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TRPCClientError)) throw new Error('the call was answered', { cause: error });
  const data = (error as TRPCClientError<AppRouter>).data;
  if (data === null || data === undefined) throw new Error(`no data: ${error.message}`);
  expect(data.httpStatus).toBe(data.problem.status);
  expect(error.message).toBe(data.problem.detail);
  return data.problem;
}

const file = (data: Uint8Array, mediaType?: string) => ({
  file: mediaType === undefined ? { data } : { data, mediaType },
});
const infer = (...input: Parameters<typeof file>) => client().ocr.infer.mutate(file(...input));

describe('ocr.infer', () => {
  it('reads bytes, declared or not', async () => {
    expect(OcrResult.parse(await infer(png, 'image/png')).text).toBe(pageText);
    expect((await infer(png)).text).toBe(pageText);
    expect((await infer(png, 'application/octet-stream')).text).toBe(pageText);
  });

  it('takes parameters', async () => {
    const { text } = await client().ocr.infer.mutate({ ...file(png), params: { minConfidence: 1 } });
    expect(text).toBe('');
  });

  it('has its timing and its request id in the headers', async () => {
    await infer(await blank(64));
    expect(lastResponse().headers.get('server-timing')).toMatch(/^queue;dur=.*inference;dur=/);
    expect(lastResponse().headers.get('x-request-id')).toBeTruthy();
  });

  it('answers several calls in one request, each for itself', async () => {
    const batching = client({}, httpBatchLink as unknown as typeof httpLink);
    const small = await blank(64);
    const calls = [
      batching.ocr.infer.mutate(file(png)),
      batching.ocr.infer.mutate(file(Buffer.from('not a picture'), 'image/png')),
      batching.ocr.infer.mutate(file(small)),
    ] as const;
    const before = responses.length;
    const [first, second, third] = await Promise.allSettled(calls);
    expect(responses.length - before).toBe(1);
    expect(lastResponse().status).toBe(207);
    expect(first).toMatchObject({ status: 'fulfilled', value: { text: pageText } });
    expect(second).toMatchObject({ status: 'rejected', reason: { data: { problem: { code: 'BAD_INPUT' } } } });
    expect(third).toMatchObject({ status: 'fulfilled', value: { width: 64 } });
  });
});

describe('models.list and status', () => {
  it('list what REST lists', async () => {
    const overRest = (await (await fetch(`${server.url}/models`)).json()) as unknown;
    const list = await client().models.list.query();
    expect(list).toEqual(overRest);
    expect(ModelList.parse(list).models.map(({ name }) => name)).toEqual(['ocr']);
  });

  it('report readiness and GPUs as REST does', async () => {
    expect(await client().status.ready.query()).toEqual(await (await fetch(`${server.url}/ready`)).json());
    const { available, gpus } = await client().status.gpu.query();
    expect(gpus.length > 0).toBe(available);
  });

  it('can be asked in one request', async () => {
    const batching = client({}, httpBatchLink as unknown as typeof httpLink);
    const before = responses.length;
    await Promise.all([batching.models.list.query(), batching.status.ready.query(), batching.status.gpu.query()]);
    expect(responses.length - before).toBe(1);
  });
});

/** Behind a run that is still going on, so short a deadline would be refused as overload. */
const atRest = (): Promise<true> =>
  eventually(async () => ((await metric(server, 'portico_in_flight', { model: 'ocr' })) === 0 ? true : undefined));

/** GET with headers that fetch does not send. */
async function getWith(url: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  const request = get(url, { headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: Number(response.statusCode), body: await text(response) };
}

describe('A refusal over tRPC', () => {
  it.each<[string, number, () => Promise<unknown>]>([
    ['BAD_INPUT', 400, () => infer(new Uint8Array())],
    ['BAD_INPUT', 400, () => infer(Buffer.from('just some words'), 'image/png')],
    ['UNSUPPORTED_MEDIA_TYPE', 415, () => infer(Buffer.from('%PDF-1.7'))],
    ['UNSUPPORTED_MEDIA_TYPE', 415, () => infer(png, 'application/pdf')],
    ['TOO_LARGE', 413, () => infer(padded(png, mebibyte + 1))],
    ['TOO_LARGE', 413, () => infer(padded(png, 2 * mebibyte))],
    ['TIMEOUT', 504, () => atRest().then(() => client({ 'x-timeout-seconds': '0.001' }).ocr.infer.mutate(file(png)))],
  ])('is %s, %i', async (code, status, call) => {
    expect(await problemOf(call())).toMatchObject({ code, status });
    expect(lastResponse().status).toBe(status);
  });

  it('comes with the path of every wrong parameter', async () => {
    const params = { minConfidence: 2, language: 'en' } as object;
    const problem = await problemOf(client().ocr.infer.mutate({ ...file(png), params }));
    expect(problem).toMatchObject({ status: 422, code: 'INVALID_PARAMETERS' });
    expect(problem.issues?.map(({ path }) => path).sort()).toEqual(['params.language', 'params.minConfidence']);
    const timeout = await problemOf(client({ 'x-timeout-seconds': 'soon' }).ocr.infer.mutate(file(png)));
    expect(timeout.issues).toMatchObject([{ path: 'x-timeout-seconds' }]);
  });

  it.each([
    ['a batch', httpBatchLink],
    ['a stream of a batch', httpBatchStreamLink],
  ])(
    'says when to come back to the calls of %s that found the queue full, which have no headers',
    async (_how, link) => {
      await using busy = await startServer({ MODEL_NAME: 'ocr', REPLICAS: '1', MAX_QUEUE: '1' });
      await busy.ready();
      const batching = client({}, link as unknown as typeof httpLink, busy);
      const before = responses.length;
      const calls = await Promise.allSettled(Array.from({ length: 6 }, () => batching.ocr.infer.mutate(file(png))));
      expect(responses.length - before).toBe(1);
      const refused = calls.flatMap((call) => (call.status === 'rejected' ? [call.reason as unknown] : []));
      // One runs and one waits; the others found the queue full.
      expect(refused).toHaveLength(4);
      for (const { data } of refused as TRPCClientError<AppRouter>[]) {
        expect(data?.problem).toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: expect.any(Number) });
        expect(data?.problem.retryAfterSeconds).toBeGreaterThan(0);
      }
    },
  );

  it('is reported for inputs of the wrong shape', async () => {
    const wrong = { file: { data: 'text' } } as never;
    expect(await problemOf(client().ocr.infer.mutate(wrong))).toMatchObject({
      status: 422,
      issues: [{ path: 'file.data' }],
    });
  });

  it('lets a file of exactly MAX_UPLOAD_MB pass', async () => {
    expect((await infer(padded(await blank(64), mebibyte))).text).toBe('');
  });

  it('is reported for unknown procedures, wrong methods and bodies that cannot be read', async () => {
    const { nothing } = client() as unknown as { nothing: { here: { query(): Promise<unknown> } } };
    expect(await problemOf(nothing.here.query())).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    const problem = async (response: Response): Promise<unknown> => {
      const { error } = (await response.json()) as { error: never };
      const { data } = transformer.deserialize<{ data: { problem: Problem } }>(error);
      expect(data.problem.status).toBe(response.status);
      return data.problem.code;
    };
    const url = `${server.url}/trpc/ocr.infer`;
    expect(await problem(await fetch(url))).toBe('METHOD_NOT_ALLOWED');
    expect(await problem(await post(url, '{"json":', { 'content-type': 'application/json' }))).toBe('BAD_INPUT');
    expect(await problem(await post(url, 'x', { 'content-type': 'text/plain' }))).toBe('UNSUPPORTED_MEDIA_TYPE');
    expect(await problem(await postJson(`${server.url}/trpc/models.list`, {}))).toBe('METHOD_NOT_ALLOWED');
  });

  it('of the links that this server has no use for says what to use', async () => {
    const detail = async (path: string, headers: Record<string, string>): Promise<[number, string]> => {
      const response = await getWith(`${server.url}${path}`, headers);
      const { error } = JSON.parse(response.body) as { error: never };
      return [response.status, transformer.deserialize<{ data: { problem: Problem } }>(error).data.problem.detail];
    };
    const handshake = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-version': '13',
    };
    expect(await detail('/trpc', handshake)).toEqual([
      404,
      'There is no WebSocket /trpc: the server has none. Over tRPC, use httpBatchStreamLink instead of wsLink.',
    ]);
    expect(await detail('/trpc/vad.stream?input=%7B%7D', { accept: 'text/event-stream' })).toEqual([
      405,
      'Unsupported GET-request to mutation procedure at path "vad.stream". Queries are GET, mutations POST, also those that stream: use httpBatchStreamLink, and .mutate(). There are no subscriptions.',
    ]);
    const data = await (await postJson(`${server.url}/trpc/vad.stream`, transformer.serialize(file(png)))).json();
    const { error } = data as { error: never };
    expect(transformer.deserialize(error)).toMatchObject({
      message: expect.stringContaining('use httpBatchStreamLink'),
    });
  });

  it.each([
    'null',
    `{"json":{},"meta":{"values":{"__proto__.x":["undefined"]}}}`,
    `{"json":{"file":{"data":5}},"meta":{"values":{"file.data":[["custom","bytes"]]}}}`,
    `{"json":{"file":{"data":${'['.repeat(100_000)}${']'.repeat(100_000)}}},"meta":{"values":{"file.data":[["custom","bytes"]]}}}`,
  ])('is never a defect, however strange the body: %.60s', async (body) => {
    const response = await post(`${server.url}/trpc/ocr.infer`, body, { 'content-type': 'application/json' });
    expect([400, 422]).toContain(response.status);
  });

  it('carries the id of its request', async () => {
    const problem = await problemOf(client({ 'x-request-id': 'mine' }).ocr.infer.mutate(file(new Uint8Array())));
    expect(problem.requestId).toBe('mine');
  });

  it('is counted like any other', async () => {
    const count = async (outcome: string): Promise<number> => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return Number(
        new RegExp(`portico_requests_total\\{model="ocr",outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1] ?? 0,
      );
    };
    const before = await Promise.all(['ok', 'BAD_INPUT', 'INVALID_PARAMETERS', 'TOO_LARGE'].map(count));
    await infer(await blank(64));
    await problemOf(infer(new Uint8Array()));
    await problemOf(client().ocr.infer.mutate({ ...file(png), params: { minConfidence: 2 } }));
    await problemOf(infer(padded(png, 2 * mebibyte)));
    const after = await Promise.all(['ok', 'BAD_INPUT', 'INVALID_PARAMETERS', 'TOO_LARGE'].map(count));
    expect(after).toEqual(before.map((one) => one + 1));
  });
});
