import { METHODS } from 'node:http';
import { Problem } from '@portico/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpSide, startHttpSide } from './support/http-side.ts';
import { type RawAnswer, RawConnection } from './support/raw-connection.ts';

let side: HttpSide;

beforeAll(async () => {
  side = await startHttpSide({});
});
afterAll(() => side[Symbol.asyncDispose]());

/** A route of each protocol and kind, and what it allows. */
const routes = [
  ['/', 'GET, HEAD, POST'],
  ['/ping', 'GET, HEAD'],
  ['/invocations', 'POST'],
  ['/health', 'GET, HEAD'],
  ['/metrics', 'GET, HEAD'],
  ['/openapi.json', 'GET, HEAD'],
  ['/docs/', 'GET, HEAD'],
  ['/docs/static/swagger-ui.css', 'GET, HEAD'],
  ['/ocr', 'POST'],
  ['/ocr/batch', 'POST'],
  ['/trpc/models.list', 'GET, HEAD, POST'],
  ['/v2', 'GET, HEAD'],
  ['/v2/models/any', 'GET, HEAD'],
  ['/v2/models/any/infer', 'POST'],
] as const;

describe('HEAD', () => {
  it.each([
    '/',
    '/health',
    '/ready',
    '/gpu',
    '/models',
    '/metrics',
    '/openapi.json',
    '/docs/',
    '/docs/static/swagger-ui.css',
    '/trpc/models.list',
    '/trpc/status.ready',
    '/trpc/ocr.infer',
    '/trpc/nothing',
    '/trpc/',
    '/v2',
    '/v2/health/ready',
    '/v2/models/any',
    '/nowhere',
  ])('of %s has the status and type of GET, and no body', async (path) => {
    const [head, get] = await Promise.all([fetch(side.url + path, { method: 'HEAD' }), fetch(side.url + path)]);
    expect(head.status).toBe(get.status);
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
    expect(await head.text()).toBe('');
    await get.body?.cancel();
  });

  it('of a route that takes POST only is 405', async () => {
    for (const path of ['/ocr', '/ocr/batch', '/v2/models/any/infer']) {
      const response = await fetch(side.url + path, { method: 'HEAD' });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    }
  });
});

describe('A method', () => {
  it.each(routes)('that %s does not have is 405, whatever it is and whatever comes with it', async (path, allowed) => {
    const own = new Set(['OPTIONS', 'CONNECT', 'HEAD', ...allowed.split(', ')]);
    const others = METHODS.filter((method) => !own.has(method));
    await Promise.all(
      [...others, 'QUERY'].map(async (method) => {
        const { status, headers } = await ask(`${method} ${path}`);
        // Not every version of Node has QUERY.
        const refused = METHODS.includes(method) ? [405, allowed] : [400, undefined];
        expect([method, status, headers['allow']]).toEqual([method, ...refused]);
      }),
    );
    const typed = await ask(`PUT ${path}`, { 'content-type': 'application/json', 'content-length': 1 }, '{');
    expect(typed.status).toBe(405);
  });

  it.each([['get'], ['Get'], ['XYZZY'], ['5000 × A', 'A'.repeat(5_000)], ['GE T'], ['nothing', ''], ['PRI']])(
    'named %s is 400',
    async (name, method = name) => {
      const { status, headers, body } = await ask(`${method} /health`);
      expect([status, problemOf(body, headers).code]).toEqual([400, 'BAD_INPUT']);
    },
  );
});

describe('A path', () => {
  it.each([
    '/docs/static/../../package.json',
    '/docs/static/%2e%2e/%2e%2e/package.json',
    '/docs/static/..%2f..%2fpackage.json',
    String.raw`/docs/static/..\..\package.json`,
    '/docs/static/./swagger-ui.css',
    '/docs/static//swagger-ui.css',
    '/docs/static/C:%5cwindows',
    '/docs/static/.git/config',
    '/docs/static/%00',
    '//health',
    '/../health',
    '/health/',
    '/%00',
    '*',
    '/ocr/../health',
  ])('that leads nowhere is 404: %s', async (path) => {
    const { status, headers, body } = await ask(`GET ${path}`);
    expect([status, problemOf(body, headers).code]).toEqual([404, 'NOT_FOUND']);
  });

  it('of thousands of characters is 404 or 400', async () => {
    expect((await ask(`GET /docs/static/${'a'.repeat(5_000)}`)).status).toBe(404);
    expect((await ask(`GET /v2/models/${'a'.repeat(6_000)}`)).status).toBe(400);
  });

  it.each(['/%zz', '/docs/static/%c0%ae%c0%ae/', '/%', 'health', '/\u0000', '/v2/models/%ff'])(
    'that cannot be read is 400: %s',
    async (path) => {
      expect((await ask(`GET ${path}`)).status).toBe(400);
    },
  );

  it.each(['http://elsewhere', 'http://user:secret@elsewhere:1', 'HTTPS://[::1]'])(
    'may be absolute: %s',
    async (origin) => {
      expect((await ask(`GET ${origin}/health`)).status).toBe(200);
      expect((await ask(`GET ${origin}/trpc/models.list`)).status).toBe(200);
      expect(JSON.parse((await ask(`GET ${origin}/v2/nothing`)).body)).toEqual({ error: expect.any(String) });
    },
  );
});

describe('Headers', () => {
  it('need one host in HTTP/1.1', async () => {
    const { status, headers, body } = await send('GET /health HTTP/1.1\r\n\r\n');
    expect([status, problemOf(body, headers).code]).toEqual([400, 'BAD_INPUT']);
    expect((await send('GET /trpc/models.list HTTP/1.0\r\n\r\n')).status).toBe(200);
    expect((await send('GET /health HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n')).status).toBe(400);
  });

  it('of HTTP/1.0 that announce a chunked body end the connection', async () => {
    using connection = await RawConnection.open(side.port);
    const head = 'POST /nowhere HTTP/1.0\r\nconnection: keep-alive\r\ntransfer-encoding: chunked\r\n\r\n';
    connection.socket.write(`${head}0\r\n\r\n`);
    expect((await connection.answer()).headers['connection']).toBe('close');
    await connection.closed();
  });

  it.each(['a b', '[::1', 'a:99999', '', '1.2.3.4.5', 'user@host'])('may name the host %s', async (host) => {
    for (const path of ['/health', '/trpc/models.list']) expect((await ask(`GET ${path}`, { host })).status).toBe(200);
  });

  it('that ask for a part, or for what has not changed, are never a defect', async () => {
    for (const [name, value] of [
      ['range', 'bytes=99999999-'],
      ['range', 'bytes=-0'],
      ['if-match', '"other"'],
      ['if-unmodified-since', 'Mon, 01 Jan 1990 00:00:00 GMT'],
    ] as const) {
      const { status, headers, body } = await ask('GET /docs/static/swagger-ui.css', { [name]: value });
      expect([name, status, problemOf(body, headers).code]).toEqual([name, 400, 'BAD_INPUT']);
    }
  });
});

describe('CONNECT', () => {
  it('is refused in words', async () => {
    const { status, headers, body } = await ask('CONNECT example.com:443');
    expect([status, problemOf(body, headers).code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
  });
});

describe('CONNECT behind another request', () => {
  it('does not take its answer away', async () => {
    using connection = await RawConnection.open(side.port);
    connection.socket.write('GET /health HTTP/1.1\r\nhost: a\r\n\r\nCONNECT b:1 HTTP/1.1\r\nhost: b\r\n\r\n');
    expect((await connection.answer()).status).toBe(200);
    await connection.closed();
  });

  it('leaves its response to be sent to the end', async () => {
    using connection = await RawConnection.open(side.port);
    const get = 'GET /docs/static/swagger-ui-bundle.js HTTP/1.1\r\nhost: a\r\n\r\n';
    connection.socket.pause();
    connection.socket.write(`${get.repeat(8)}CONNECT b:1 HTTP/1.1\r\nhost: b\r\n\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    connection.socket.resume();
    for (let count = 0; count < 8; count += 1) expect((await connection.answer()).status).toBe(200);
    await connection.closed();
  });
});

describe('Under /trpc', () => {
  it.each([
    ['PUT', '/trpc/models.list', 405],
    ['GET', '/trpc/models.list/more', 404],
    ['GET', '/trpc/%zz', 400],
    ['DELETE', '/trpc/models.list,status.ready?batch=1', 405],
  ] as const)('what the framework refuses is an error of tRPC: %s %s', async (method, path, status) => {
    const response = await fetch(side.url + path, { method });
    const body = (await response.json()) as { error: { json: { data: { problem: unknown } } } };
    const errors = path.includes('batch=1') ? body : [body];
    expect(errors).toHaveLength(path.includes('batch=1') ? 2 : 1);
    for (const { error } of errors as (typeof body)[]) {
      expect(Problem.parse(error.json.data.problem)).toMatchObject({
        status,
        requestId: response.headers.get('x-request-id'),
      });
    }
    expect(response.status).toBe(status);
  });

  it('a query has no body, whatever its headers say of one', async () => {
    for (const type of ['multipart/form-data', 'application/octet-stream', 'x']) {
      const response = await fetch(`${side.url}/trpc/models.list`, { headers: { 'content-type': type } });
      expect([type, response.status]).toEqual([type, 200]);
      await response.body?.cancel();
    }
  });

  it('a stream of answers to a single call is refused, with the request id', async () => {
    const response = await fetch(`${side.url}/trpc/models.list`, { headers: { 'trpc-accept': 'application/jsonl' } });
    const requestId = response.headers.get('x-request-id');
    const problem = { status: 400, requestId };
    expect(await response.json()).toMatchObject({ error: { json: { data: { problem } } } });
  });
});

async function ask(
  line: string,
  headers: Readonly<Record<string, string | number>> = {},
  body = '',
): Promise<RawAnswer> {
  using connection = await RawConnection.open(side.port);
  connection.request(line, { connection: 'close', ...headers }, body);
  return await connection.answer();
}

async function send(text: string): Promise<RawAnswer> {
  using connection = await RawConnection.open(side.port);
  connection.socket.write(text);
  return await connection.answer();
}

function problemOf(body: string, headers: Readonly<Record<string, string>>): Problem {
  expect(headers['content-type']).toBe('application/problem+json');
  const problem = Problem.parse(JSON.parse(body));
  expect(problem.requestId).toBe(headers['x-request-id']);
  return problem;
}
