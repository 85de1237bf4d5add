import { METHODS } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogLine, type ServerProcess, startServer } from '../harness/server-process.ts';
import { form, post, postJson, problemOf } from './support/asking.ts';
import { blank } from './support/pages.ts';
import { RawConnection } from './support/raw-connection.ts';

let server: ServerProcess;
let png: Buffer;

beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'ocr,crash' });
  [png] = await Promise.all([blank(64), server.ready()]);
});
afterAll(() => server[Symbol.asyncDispose]());

const url = (path: string): string => server.url + path;
const answer = { input: { how: 'answer' } };
const linesOf = (id: string): LogLine[] => server.log.filter((line) => line['requestId'] === id && 'status' in line);
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** One request of each kind of answer. */
const everyKind: readonly (readonly [string, (headers: Record<string, string>) => Promise<Response>])[] = [
  ['a result', (headers) => postJson(url('/crash'), answer, headers)],
  ['a batch', (headers) => post(url('/ocr/batch'), form(png), headers)],
  ['a probe', (headers) => fetch(url('/health'), { headers })],
  ['readiness', (headers) => fetch(url('/ready'), { headers })],
  ['the models', (headers) => fetch(url('/models'), { headers })],
  ['the measurements', (headers) => fetch(url('/metrics'), { headers })],
  ['the documentation', (headers) => fetch(url('/docs'), { headers })],
  ['a tRPC query', (headers) => fetch(url('/trpc/status.ready'), { headers })],
  ['a tRPC error', (headers) => postJson(url('/trpc/ocr.infer'), {}, headers)],
  ['a tRPC refusal', (headers) => post(url('/trpc/ocr.infer'), 'x', { ...headers, 'content-type': 'text/plain' })],
  ['an unknown route', (headers) => fetch(url('/nowhere'), { headers })],
  ['a wrong method', (headers) => fetch(url('/ocr'), { headers })],
  ['a wrong type', (headers) => post(url('/ocr'), 'x', { ...headers, 'content-type': 'text/plain' })],
  ['an empty upload', (headers) => post(url('/ocr'), form(new Uint8Array()), headers)],
  ['wrong parameters', (headers) => post(url('/ocr'), form(png, { fields: { bogus: '1' } }), headers)],
  ['a defect', (headers) => postJson(url('/crash'), { input: { how: 'throw' } }, headers)],
  ['a URL that cannot be read', (headers) => fetch(url('/%zz'), { headers })],
  ['a preflight', (headers) => fetch(url('/ocr'), { method: 'OPTIONS', headers })],
];

describe('x-request-id', () => {
  it.each(everyKind)('is echoed on %s, and finds its one line in the log', async (kind, ask) => {
    const id = `test:${kind.replaceAll(' ', '-')}`;
    const response = await ask({ 'x-request-id': id });
    await response.arrayBuffer();
    expect(response.headers.get('x-request-id')).toBe(id);
    const line = await server.logged((line) => line['requestId'] === id && 'status' in line);
    expect(line).toMatchObject({
      status: response.status,
      method: expect.any(String),
      path: expect.any(String),
      client: '127.0.0.1',
    });
    expect(linesOf(id)).toHaveLength(1);
  });

  it.each(['', 'two words', 'a'.repeat(129), 'semi;colon', '<script>', 'ünicode', '{"a":1}'])(
    'is replaced when it is no sane token: %s',
    async (id) => {
      const response = await fetch(url('/nowhere'), { headers: { 'x-request-id': id } });
      expect(response.headers.get('x-request-id')).toMatch(uuid);
      expect((await problemOf(response)).requestId).toMatch(uuid);
    },
  );

  it('is new for every request', async () => {
    const ids = await Promise.all([1, 2, 3].map(async () => (await fetch(url('/health'))).headers.get('x-request-id')));
    expect(new Set(ids).size).toBe(3);
  });
});

describe('CORS', () => {
  const origin = { origin: 'https://app.example' };

  it.each(everyKind)('lets any page read %s, and the headers it needs', async (_kind, ask) => {
    const { headers } = await ask(origin);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    const exposed = headers.get('access-control-expose-headers')?.split(', ').sort();
    expect(exposed).toEqual([
      'inference-header-content-length',
      'retry-after',
      'server-timing',
      'x-error-code',
      'x-request-id',
      'x-warnings',
    ]);
  });

  it.each(['/ocr', '/ocr/batch', '/crash', '/trpc/ocr.infer', '/models', '/ready', '/docs', '/nowhere'])(
    'answers the preflight of %s, for any method and any header',
    async (path) => {
      for (const method of ['POST', 'DELETE', 'PROPFIND']) {
        const wanted = 'content-type, x-timeout-seconds, authorization, x-something-else';
        const headers = { 'access-control-request-method': method, 'access-control-request-headers': wanted };
        const response = await fetch(url(path), { method: 'OPTIONS', headers: { ...origin, ...headers } });
        expect(response.status).toBe(204);
        expect(response.headers.get('access-control-allow-origin')).toBe('*');
        expect(response.headers.get('access-control-allow-methods')?.split(', ')).toContain(method);
        expect(response.headers.get('access-control-allow-headers')).toBe(wanted);
        expect(response.headers.get('access-control-max-age')).toBe('7200');
      }
    },
  );

  it('allows every method there is', async () => {
    const response = await fetch(url('/ocr'), { method: 'OPTIONS', headers: origin });
    expect(response.headers.get('access-control-allow-methods')?.split(', ')).toEqual(METHODS);
  });
});

describe('server-timing', () => {
  const phases = /^queue;dur=\d+\.\d{3}, decode;dur=\d+\.\d{3}, inference;dur=\d+\.\d{3}, postprocess;dur=\d+\.\d{3}$/;

  it('has the milliseconds of each phase of a run', async () => {
    const response = await post(url('/ocr'), form(png));
    const timing = response.headers.get('server-timing') ?? '';
    expect(timing).toMatch(phases);
    expect(Number(/inference;dur=([\d.]+)/.exec(timing)?.[1])).toBeGreaterThan(0);
  });

  it('is absent where nothing has run', async () => {
    expect((await fetch(url('/models'))).headers.has('server-timing')).toBe(false);
    expect((await post(url('/ocr'), form(new Uint8Array()))).headers.has('server-timing')).toBe(false);
  });
});

describe('traceparent', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const lineWith = async (traceparent: string): Promise<LogLine> => {
    const response = await fetch(url('/models'), { headers: { traceparent } });
    const id = response.headers.get('x-request-id');
    return server.logged((line) => line['requestId'] === id && 'status' in line);
  };

  it('is continued into the log', async () => {
    expect(await lineWith(`00-${traceId}-00f067aa0ba902b7-01`)).toMatchObject({ traceId });
    // A later version may say more.
    expect(await lineWith(`01-${traceId}-00f067aa0ba902b7-01-more`)).toMatchObject({ traceId });
  });

  it.each([
    'nonsense',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `ff-${traceId}-00f067aa0ba902b7-01`,
  ])('is ignored when it breaks the standard: %s', async (traceparent) => {
    expect(await lineWith(traceparent)).not.toHaveProperty('traceId');
  });
});

describe('The log', () => {
  it('says how a request failed', async () => {
    const response = await post(url('/ocr'), form(new Uint8Array()));
    const id = response.headers.get('x-request-id');
    expect(await server.logged((line) => line['requestId'] === id && 'status' in line)).toMatchObject({
      level: 'info',
      method: 'POST',
      path: '/ocr',
      status: 400,
      code: 'BAD_INPUT',
      milliseconds: expect.any(Number),
    });
  });

  it('names tRPC failures by the same codes', async () => {
    const unknown = await fetch(url('/trpc/nothing.here'));
    const wrong = await postJson(url('/trpc/ocr.infer'), { json: {} });
    for (const [response, code] of [
      [unknown, 'NOT_FOUND'],
      [wrong, 'INVALID_PARAMETERS'],
    ] as const) {
      const id = response.headers.get('x-request-id');
      expect(await server.logged((line) => line['requestId'] === id && 'status' in line)).toMatchObject({ code });
    }
  });

  it('keeps a query out, which may hold anything', async () => {
    await fetch(url('/models?secret=value'));
    await server.logged((line) => line['path'] === '/models');
    expect(JSON.stringify(server.log)).not.toContain('secret=value');
  });

  it('logs probes at debug level only', async () => {
    const response = await fetch(url('/health'));
    const id = response.headers.get('x-request-id');
    const line = await server.logged((line) => line['requestId'] === id && 'status' in line);
    expect(line['level']).toBe('debug');
  });
});

describe('A listed origin', () => {
  let listed: ServerProcess;
  beforeAll(async () => {
    listed = await startServer({ MODEL_NAME: 'crash', CORS_ORIGINS: 'https://app.example, https://other.example' });
  });
  afterAll(() => listed[Symbol.asyncDispose]());

  it('is allowed, and no other', async () => {
    const allowed = async (origin: string): Promise<string | null> =>
      (await fetch(`${listed.url}/health`, { headers: { origin } })).headers.get('access-control-allow-origin');
    expect(await allowed('https://other.example')).toBe('https://other.example');
    expect(await allowed('https://evil.example')).toBeNull();
    using connection = await RawConnection.open(listed.port);
    connection.socket.write('nonsense\r\n\r\n');
    expect((await connection.answer()).headers).not.toHaveProperty('access-control-allow-origin');
  });
});
