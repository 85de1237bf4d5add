import { appRouter } from '@portico/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { form, post, postJson, problemOf, refusal } from './support/asking.ts';
import { RawConnection } from './support/raw-connection.ts';

const key = { 'x-api-key': 'second-key' };
const pdf = { 'content-type': 'application/pdf' };
const tooMuch = 64 * 1024 * 1024;

let server: ServerProcess;

// No machine that runs these tests has DirectML, so the model never becomes ready.
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'ocr', DEVICE: 'dml', API_KEYS: 'first-key, second-key' });
  await server.logged((line) => String(line['msg']).includes('a replica did not load'));
});
afterAll(() => server[Symbol.asyncDispose]());

const ocr = (query = ''): string => `${server.url}/ocr${query}`;

/** Sends headers that announce a body, and no body. */
async function withoutBody(line: string, headers: Record<string, string | number>): Promise<number> {
  using connection = await RawConnection.open(server.port);
  connection.request(line, headers);
  return (await connection.answer()).status;
}

describe('The order of checks', () => {
  it('begins with the key, before the route', async () => {
    const response = await fetch(`${server.url}/nowhere`);
    expect(await refusal(response)).toEqual({ status: 401, code: 'UNAUTHORIZED' });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect((await refusal(await fetch(ocr()))).status).toBe(401);
    expect(await withoutBody('POST /ocr', { ...pdf, 'content-length': tooMuch })).toBe(401);
  });

  it('gives the log the number of the key, never the key', async () => {
    await fetch(`${server.url}/nowhere`, { headers: { ...key, 'x-request-id': 'with-a-key' } });
    const line = await server.logged((line) => line['requestId'] === 'with-a-key' && 'status' in line);
    expect(line).toMatchObject({ status: 404, client: 'key 1' });
    expect(JSON.stringify(server.log)).not.toContain('second-key');
  });

  it('goes on with the route, before the type', async () => {
    expect((await refusal(await post(`${server.url}/nowhere`, 'x', { ...key, ...pdf }))).status).toBe(404);
    expect((await refusal(await fetch(ocr(), { method: 'PUT', body: 'x', headers: { ...key, ...pdf } }))).status).toBe(
      405,
    );
  });

  it('then the type and the size by header, before readiness and without the body', async () => {
    expect(await withoutBody('POST /ocr', { ...key, ...pdf, 'content-length': tooMuch })).toBe(415);
    expect(await withoutBody('POST /ocr', { ...key, 'content-length': tooMuch })).toBe(413);
    expect(await withoutBody('POST /ocr/batch', { ...key, 'content-type': 'image/png', 'content-length': 9 })).toBe(
      415,
    );
    const json = { ...key, 'content-type': 'application/json' };
    expect(await withoutBody('POST /trpc/ocr.infer', { ...json, 'content-length': tooMuch })).toBe(413);
    expect(await withoutBody('POST /trpc/ocr.infer', { ...key, ...pdf, 'content-length': tooMuch })).toBe(415);
  });

  it('then readiness, before the body is read', async () => {
    using connection = await RawConnection.open(server.port);
    connection.request('POST /ocr?bogus=1', { ...key, 'content-type': 'image/png', 'content-length': 1_000 });
    const { status, headers, body } = await connection.answer();
    expect(status).toBe(503);
    expect(JSON.parse(body)).toMatchObject({ code: 'NOT_READY' });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });

  it('then readiness, before anything that is wrong with the content', async () => {
    const notReady = { status: 503, code: 'NOT_READY' };
    expect(await refusal(await post(ocr(), form(new Uint8Array()), key))).toEqual(notReady);
    expect(await refusal(await post(ocr('?bogus=1'), 'x', { ...key, 'content-type': 'image/png' }))).toEqual(notReady);
    expect(await refusal(await postJson(ocr(), {}, { ...key, 'x-timeout-seconds': 'soon' }))).toEqual(notReady);
    expect(await refusal(await post(`${ocr()}/batch`, form(undefined), key))).toEqual(notReady);
    const trpc = await postJson(`${server.url}/trpc/ocr.infer`, {}, key);
    expect(trpc.status).toBe(503);
    expect(trpc.headers.get('retry-after')).toBe('2');
  });
});

describe('A server that is not ready', () => {
  it('says so on /ready, with the model and why', async () => {
    const response = await fetch(`${server.url}/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      status: 'not ready',
      detail: expect.stringMatching(/Model ocr is not ready: .*dml/),
      models: [{ name: 'ocr', device: null, replicas: { ready: 0 } }],
    });
  });

  it('gives its clients the same reason', async () => {
    const { detail } = await problemOf(await post(ocr(), form(new Uint8Array()), key));
    expect(detail).toMatch(/Model ocr is not ready: .*dml/);
  });

  it('is healthy all the same, and lists its models', async () => {
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    const { models } = (await (await fetch(`${server.url}/models`, { headers: key })).json()) as { models: object[] };
    expect(models).toMatchObject([{ name: 'ocr', device: null, maxBatch: null }]);
  });
});

describe('API_KEYS', () => {
  it.each([
    { 'x-api-key': 'first-key' },
    { authorization: 'Bearer second-key' },
    { authorization: 'bearer first-key' },
  ])('lets %o in', async (headers) => {
    expect((await fetch(`${server.url}/models`, { headers })).status).toBe(200);
  });

  it.each([{ 'x-api-key': 'first-key, second-key' }, { 'x-api-key': '' }, { authorization: 'Basic second-key' }, {}])(
    'keeps %o out',
    async (headers) => {
      for (const path of [
        '/models',
        '/gpu',
        '/metrics',
        '/openapi.json',
        '/docs/json',
        '/nowhere',
        '/trpc/models.list',
      ]) {
        expect((await fetch(server.url + path, { headers: headers as Record<string, string> })).status).toBe(401);
      }
    },
  );

  it('leaves probes and preflights open', async () => {
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    expect((await fetch(`${server.url}/ready`)).status).toBe(503);
    const preflight = await fetch(ocr(), {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
  });

  it('lets a browser read the refusal', async () => {
    const response = await post(ocr(), 'x', { origin: 'https://app.example' });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('answers tRPC clients in their own words', async () => {
    const response = await fetch(`${server.url}/trpc/models.list`);
    const { error } = (await response.json()) as { error: unknown };
    const { data } = appRouter._def._config.transformer.output.deserialize(error) as { data: { problem: object } };
    expect(data).toMatchObject({ httpStatus: 401, problem: { code: 'UNAUTHORIZED', status: 401 } });
  });

  it('is in the OpenAPI document, where the probes need none', async () => {
    const document = (await (await fetch(`${server.url}/openapi.json`, { headers: key })).json()) as {
      security: object[];
      paths: Record<string, { get?: { security?: object[] } }>;
    };
    expect(document.security).toEqual([{ bearer: [] }, { apiKey: [] }]);
    expect(document.paths['/health']?.get?.security).toEqual([]);
    expect(document.paths['/models']?.get?.security).toBeUndefined();
  });

  it('is needed for every operation of the document that does not say otherwise', async () => {
    const { paths } = (await (await fetch(`${server.url}/openapi.json`, { headers: key })).json()) as {
      paths: Record<string, Record<string, { security?: object[] }>>;
    };
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({ path, method, isOpen: security?.length === 0 })),
    );
    expect(operations.filter(({ isOpen }) => !isOpen).length).toBeGreaterThan(10);
    const seen = await Promise.all(
      operations.map(async ({ path, method, isOpen }) => {
        const response = await fetch(server.url + path, { method: method.toUpperCase() });
        await response.text();
        return { path, method, isOpen: isOpen && response.status !== 401, needsKey: response.status === 401 };
      }),
    );
    expect(seen.filter(({ isOpen, needsKey }) => isOpen === needsKey)).toEqual([]);
  });

  it('never shows a key in the log', async () => {
    expect(JSON.stringify(server.log)).not.toContain('second-key');
  });
});
