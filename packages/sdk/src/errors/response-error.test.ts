import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { type StubResponse, startStubServer } from '../../test/stub-server.ts';
import { createPortico } from '../create-portico.ts';
import type { Fetch } from '../options.ts';
import { isPorticoError, PorticoError } from './portico-error.ts';
import { retryAfterSeconds, unreachable } from './response-error.ts';

const bytes = new Uint8Array([1]);

async function errorOf(call: Promise<unknown>): Promise<PorticoError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isPorticoError(error)) throw new Error(`Expected a PorticoError, got ${String(error)}`);
  return error;
}

async function errorFor(response: StubResponse): Promise<PorticoError> {
  await using server = await startStubServer(response);
  return await errorOf(createPortico({ url: server.url, retry: false }).ocr(bytes));
}

const problem = (status: number, code: string) => ({
  type: `urn:portico:problem:${code}`,
  title: 'A title',
  status,
  detail: 'What went wrong.',
  code,
  requestId: 'request-1',
});

test('a problem becomes an error with its code, status, message and request ID', async () => {
  const error = await errorFor({
    status: 400,
    headers: { 'content-type': 'application/problem+json' },
    body: problem(400, 'BAD_INPUT'),
  });
  expect(error).toMatchObject({
    name: 'PorticoError',
    code: 'BAD_INPUT',
    status: 400,
    message: 'What went wrong.',
    requestId: 'request-1',
    issues: [],
    retryable: false,
  });
});

test('invalid parameters are named one by one', async () => {
  const issues = [{ path: 'params.minConfidence', message: 'Too big' }];
  const error = await errorFor({ status: 422, body: { ...problem(422, 'INVALID_PARAMETERS'), issues } });
  expect(error.issues).toEqual(issues);
});

test('an overloaded server says when to retry', async () => {
  const error = await errorFor({
    status: 503,
    headers: { 'retry-after': '3' },
    body: problem(503, 'OVERLOADED'),
  });
  expect(error).toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 3, retryable: true });
});

test('a code of a newer server becomes that of its status, with its own message', async () => {
  const error = await errorFor({ status: 413, body: problem(413, 'TOO_MANY_PIXELS') });
  expect(error).toMatchObject({ code: 'TOO_LARGE', message: 'What went wrong.' });
});

test.each([
  [409, 'NETWORK', false],
  [503, 'NOT_READY', true],
  [599, 'NETWORK', false],
])(
  'a code of a newer server with status %i is retried only where a retry can help',
  async (status, code, retryable) => {
    expect(await errorFor({ status, body: problem(status, '__proto__') })).toMatchObject({ code, retryable });
  },
);

test.each<[wrong: object, rest: object]>([
  [{ issues: 'none' }, { issues: [] }],
  [{ issues: null }, { issues: [] }],
  [{ retryAfterSeconds: 'soon' }, { retryAfterSeconds: undefined }],
  [{ retryAfterSeconds: -5 }, { retryAfterSeconds: 0 }],
  [{ retryAfterSeconds: null }, { retryAfterSeconds: 3 }],
])('what a problem should not hold is left out: %j', async (wrong, rest) => {
  const headers = { 'x-request-id': 'header', 'retry-after': '3' };
  const error = await errorFor({ status: 503, headers, body: { ...problem(503, 'OVERLOADED'), ...wrong } });
  expect(error).toMatchObject({ code: 'OVERLOADED', retryable: true, ...rest });
});

test.each([
  [408, 'REQUEST_TIMEOUT', true],
  [429, 'RATE_LIMITED', true],
  [502, 'NETWORK', true],
  [503, 'NOT_READY', true],
  [504, 'TIMEOUT', true],
  [413, 'TOO_LARGE', false],
  [404, 'NOT_FOUND', false],
  [418, 'NETWORK', false],
])("a proxy's page of status %i is %s", async (status, code, retryable) => {
  const error = await errorFor({ status, body: '<h1>nginx</h1>' });
  expect(error).toMatchObject({ code, status, retryable });
  expect(error.message).toMatch(`responded ${status} (text/html)`);
});

test("a page instead of JSON says that the url is not Portico's", async () => {
  const error = await errorFor({ body: '<h1>Welcome</h1>' });
  expect(error).toMatchObject({ code: 'NETWORK', status: 200, retryable: false });
  expect(error.message).toMatch('check the url');
});

test("another server's error in JSON is not taken for one of Portico's", async () => {
  const error = await errorFor({ status: 500, body: { error: 'boom' } });
  expect(error).toMatchObject({ code: 'INTERNAL', status: 500, retryable: false });
  expect(error.message).toMatch('responded 500');
});

test('a page that is not read is cancelled', async () => {
  let left = false;
  const page = new ReadableStream({
    cancel: () => {
      left = true;
    },
  });
  const fetch = async () => new Response(page, { status: 502, headers: { 'content-type': 'text/html' } });
  const call = createPortico({ url: 'http://portico.invalid', retry: false, fetch }).ocr(bytes);
  expect(await errorOf(call)).toMatchObject({ code: 'NETWORK', status: 502 });
  expect(left).toBe(true);
});

test.each([301, 302, 303, 307, 308])(
  'a redirect with status %i is not followed, and says where to go',
  async (status) => {
    await using server = await startStubServer({ status, headers: { location: '/elsewhere/ocr' }, body: '' });
    const portico = createPortico({ url: server.url, apiKey: 'secret' });
    const error = await errorOf(portico.ocr(bytes));
    expect(error).toMatchObject({ code: 'NETWORK', status, retryable: false });
    expect(error.message).toBe(`${server.url}/ocr is redirected to /elsewhere/ocr: use that as url.`);
    expect(server.requests).toHaveLength(1);
  },
);

test('a browser does not say where a redirect leads', async () => {
  const opaque = Object.defineProperties(new Response(), { type: { value: 'opaqueredirect' }, ok: { value: false } });
  const fetch = vi.fn<Fetch>(async () => opaque);
  const error = await errorOf(createPortico({ url: 'http://portico.invalid', fetch }).ocr(bytes));
  expect(error).toMatchObject({ code: 'NETWORK', retryable: false });
  expect(error.message).toBe('http://portico.invalid/ocr is redirected to another address: use that as url.');
  expect(fetch.mock.calls.map(([, { redirect, signal }]) => [redirect, signal?.aborted])).toEqual([['manual', true]]);
});

test('a fetch that follows redirects nevertheless is told where to go', async () => {
  const followed = (ok: boolean): Response =>
    Object.defineProperties(Response.json(problem(405, 'METHOD_NOT_ALLOWED'), { status: ok ? 200 : 405 }), {
      redirected: { value: true },
      url: { value: 'http://elsewhere.invalid/ocr' },
    });
  const call = (ok: boolean) =>
    createPortico({ url: 'http://portico.invalid', fetch: async () => followed(ok) }).ocr(bytes);
  expect((await errorOf(call(false))).message).toBe(
    'http://portico.invalid/ocr is redirected to http://elsewhere.invalid/ocr: use that as url.',
  );
  await expect(call(true)).resolves.toMatchObject({ status: 405 });
});

test('truncated JSON is a network error', async () => {
  const error = await errorFor({ headers: { 'content-type': 'application/json' }, body: '{"width":' });
  expect(error).toMatchObject({ code: 'NETWORK', status: 200 });
});

test('a connection that breaks during the response is a network error', async () => {
  await using server = await startStubServer({ headers: { 'content-length': '100' }, body: { width: 1 } });
  const call = errorOf(createPortico({ url: server.url, retry: false }).ocr(bytes));
  await expect.poll(() => server.requests.length).toBe(1);
  server.cutConnections();
  expect(await call).toMatchObject({ code: 'NETWORK', status: undefined, retryable: true });
});

test('a server that cannot be reached is a network error that says why', async () => {
  const server = await startStubServer(undefined);
  await server[Symbol.asyncDispose]();
  const error = await errorOf(createPortico({ url: server.url, retry: false }).ocr(bytes));
  expect(error).toMatchObject({ code: 'NETWORK', status: undefined, retryable: true });
  expect(error.message).toMatch('ECONNREFUSED');
});

test('an aborted call rejects with ABORTED and the reason, and the server sees the connection close', async () => {
  await using server = await startStubServer(undefined);
  const controller = new AbortController();
  const call = errorOf(createPortico({ url: server.url, retry: false }).ocr(bytes, {}, { signal: controller.signal }));
  await expect.poll(() => server.requests.length).toBe(1);
  controller.abort('enough');
  expect(await call).toMatchObject({ code: 'ABORTED', cause: 'enough', retryable: false });
  await server.abandoned;
});

test('a call whose signal has already fired sends nothing', async () => {
  await using server = await startStubServer({ body: {} });
  const error = await errorOf(
    createPortico({ url: server.url, retry: false }).ocr(bytes, {}, { signal: AbortSignal.abort() }),
  );
  expect(error.code).toBe('ABORTED');
  expect(server.requests).toHaveLength(0);
});

test('a call to a server that misses the deadline times out shortly after it', async () => {
  await using server = await startStubServer(undefined);
  const start = performance.now();
  const error = await errorOf(createPortico({ url: server.url, retry: false }).ocr(bytes, {}, { timeoutMs: 50 }));
  expect(error).toMatchObject({ code: 'TIMEOUT', status: undefined });
  expect(performance.now() - start).toBeGreaterThan(100);
  await server.abandoned;
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('%d milliseconds are not a timeout', async (timeoutMs) => {
  const portico = createPortico({ url: 'http://portico.invalid' });
  await expect(portico.ocr(bytes, {}, { timeoutMs })).rejects.toThrow('timeoutMs must be');
});

test('isPorticoError distinguishes codes and recognises errors of other copies of the package', () => {
  const error: unknown = new PorticoError('OVERLOADED', 'Too much.');
  expect(isPorticoError(error)).toBe(true);
  expect(isPorticoError(error, 'OVERLOADED')).toBe(true);
  expect(isPorticoError(error, 'NETWORK')).toBe(false);
  expect(isPorticoError(Object.assign(new Error('x'), { name: 'PorticoError', code: 'NETWORK' }))).toBe(true);
  expect(isPorticoError(new Error('x'))).toBe(false);
});

test('the reason of an error of another realm is told as it is', () => {
  const foreign = runInNewContext('new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") })') as unknown;
  expect(unreachable(foreign).message).toBe('The server could not be reached: ECONNREFUSED.');
});

const now = Date.parse('2030-01-01T00:00:00Z');

test.each([
  ['2', 2],
  ['0', 0],
  ['Tue, 01 Jan 2030 00:00:10 GMT', 10],
  ['Mon, 31 Dec 2029 23:59:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('%j asks for %s seconds', (header, seconds) => {
  expect(retryAfterSeconds(header, now)).toBe(seconds);
});
