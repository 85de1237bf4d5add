import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { fileAsJson, form, post, postJson, problemOf, refusal } from './support/asking.ts';
import { blank } from './support/pages.ts';
import { RawConnection } from './support/raw-connection.ts';

let server: ServerProcess;
let png: Buffer;

beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'ocr', MAX_IMAGE_MEGAPIXELS: '1' });
  [png] = await Promise.all([blank(64), server.ready()]);
});
afterAll(() => server[Symbol.asyncDispose]());

const ocr = (query = ''): string => `${server.url}/ocr${query}`;
const raw = (bytes: Uint8Array, type: string): Promise<Response> =>
  post(ocr(), new Uint8Array(bytes), { 'content-type': type });
const badInput = { status: 400, code: 'BAD_INPUT' };
const unsupported = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' };

const text = Buffer.from('just some words');
const pdf = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n');
const svg = Buffer.from(
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
);

describe('400 BAD_INPUT', () => {
  it('is the answer to an empty upload in every form', async () => {
    expect(await refusal(await raw(new Uint8Array(), 'image/png'))).toEqual(badInput);
    expect(await refusal(await raw(new Uint8Array(), 'application/octet-stream'))).toEqual(badInput);
    expect(await refusal(await post(ocr(), form(new Uint8Array())))).toEqual(badInput);
    expect(await refusal(await postJson(ocr(), { input: fileAsJson(new Uint8Array()) }))).toEqual(badInput);
    expect(await refusal(await raw(new Uint8Array(), 'application/json'))).toEqual(badInput);
    expect(await refusal(await fetch(ocr(), { method: 'POST' }))).toEqual(badInput);
  });

  it('is the answer to what cannot be decoded', async () => {
    expect(await refusal(await raw(text, 'image/png'))).toEqual(badInput);
    expect(await refusal(await raw(svg, 'image/png'))).toEqual(badInput);
    expect(await refusal(await raw(pdf, 'image/jpeg'))).toEqual(badInput);
    expect(await refusal(await raw(png.subarray(0, png.length / 2), 'image/png'))).toEqual(badInput);
  });

  it('is the answer to the wrong number of files, or a file in the wrong part', async () => {
    expect(await refusal(await post(ocr(), form(undefined, { fields: { minConfidence: '0.5' } })))).toEqual(badInput);
    const two = form(png);
    two.append('file', new Blob([png as BlobPart], { type: 'image/png' }), 'second');
    expect(await refusal(await post(ocr(), two))).toEqual(badInput);
    const elsewhere = new FormData();
    elsewhere.append('image', new Blob([png as BlobPart], { type: 'image/png' }), 'page');
    const problem = await problemOf(await post(ocr(), elsewhere));
    expect(problem.code).toBe('BAD_INPUT');
    expect(problem.detail).toContain('"image"');
    const words = new FormData();
    words.append('file', 'text, not a file');
    expect(await refusal(await post(ocr(), words))).toEqual(unsupported);
  });

  it('is the answer to a malformed form', async () => {
    const multipart = (type: string, body: string): Promise<Response> => post(ocr(), body, { 'content-type': type });
    const head = '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\ncontent-type: image/png\r\n\r\n';
    expect(await refusal(await multipart('multipart/form-data', `${head}x\r\n--b--\r\n`))).toEqual(badInput);
    expect(await refusal(await multipart('multipart/form-data; boundary=b', `${head}cut short`))).toEqual(badInput);
    expect(await refusal(await multipart('multipart/form-data; boundary=b', 'no part'))).toEqual(badInput);
    expect(await refusal(await multipart('multipart/form-data; boundary=b', ''))).toEqual(badInput);
    expect(await refusal(await multipart('Multipart/Form-Data; boundary=other', `${head}x\r\n--b--`))).toEqual(
      badInput,
    );
    const many = Array.from(
      { length: 200 },
      (_, n) => `--b\r\ncontent-disposition: form-data; name="f${n}"\r\n\r\nx\r\n`,
    );
    expect(await refusal(await multipart('multipart/form-data; boundary=b', `${many.join('')}--b--`))).toEqual(
      badInput,
    );
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    const field = '--b\r\ncontent-disposition: form-data; name="f"\r\ncontent-type: application/json\r\n\r\n';
    expect(await refusal(await multipart('multipart/form-data; boundary=b', `${field}${deep}\r\n--b--`))).toEqual(
      badInput,
    );
    const names = '--b\r\ncontent-disposition: form-data; name="__proto__"\r\n\r\nx\r\n--b--';
    expect(await refusal(await multipart('multipart/form-data; boundary=b', names))).toEqual(badInput);
  });

  it('is the answer to malformed JSON and to what is not base64', async () => {
    for (const body of ['{"input":', 'nonsense', '\u0000', '['.repeat(200_000)]) {
      expect(await refusal(await raw(Buffer.from(body), 'application/json'))).toEqual(badInput);
    }
    for (const data of ['*not base64*', 'data:image/png,AAAA', 'AAA=A']) {
      expect(await refusal(await postJson(ocr(), { input: { data } }))).toEqual(badInput);
    }
  });

  it('is the answer to a URL that cannot be read', async () => {
    const response = await fetch(`${server.url}/%zz`);
    expect(await refusal(response)).toEqual(badInput);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await server.logged((line) => line['path'] === '/%zz')).toMatchObject({ status: 400, code: 'BAD_INPUT' });
  });

  it('is the answer to what is not HTTP', async () => {
    using connection = await RawConnection.open(server.port);
    connection.socket.write('HELO portico\r\n\r\n');
    const answer = await connection.answer();
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'BAD_INPUT', requestId: answer.headers['x-request-id'] });
    await connection.closed();
  });
});

describe('404, 405 and 406', () => {
  it('are distinguished', async () => {
    expect(await refusal(await fetch(`${server.url}/nowhere`))).toEqual({ status: 404, code: 'NOT_FOUND' });
    // A model that is registered and not configured is no route either.
    expect(await refusal(await postJson(`${server.url}/loop`, {}))).toEqual({ status: 404, code: 'NOT_FOUND' });
    expect(await refusal(await fetch(`${server.url}/v1`))).toEqual({ status: 404, code: 'NOT_FOUND' });
    const accept = await post(ocr(), form(png), { accept: 'text/html' });
    expect(await refusal(accept)).toEqual({ status: 406, code: 'NOT_ACCEPTABLE' });
  });

  it.each([
    ['GET', '/ocr', 'POST'],
    ['DELETE', '/ocr/batch', 'POST'],
    ['PROPFIND', '/ocr', 'POST'],
    ['POST', '/health', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
  ])('say to %s %s what is allowed: %s', async (method, path, allowed) => {
    const response = await fetch(server.url + path, { method });
    expect(await refusal(response)).toEqual({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    expect(response.headers.get('allow')).toBe(allowed);
  });

  it.each(['*/*', 'application/*', 'application/json;q=0.1', 'text/html, */*;q=0.1', ''])(
    'do not occur with Accept: %s',
    async (accept) => {
      expect((await post(ocr(), form(png), { accept })).status).toBe(200);
    },
  );
});

describe('404 below a wildcard', () => {
  it('is not taken for a wrong method', async () => {
    expect((await refusal(await fetch(`${server.url}/docs/static/nothing.js`))).status).toBe(404);
    expect((await refusal(await post(`${server.url}/docs/static/nothing.js`, 'x'))).status).toBe(405);
  });
});

describe('413 TOO_LARGE', () => {
  it('is the answer to more pixels than MAX_IMAGE_MEGAPIXELS', async () => {
    const allowed = await raw(await blank(1_000, 1_000), 'image/png');
    expect(allowed.status).toBe(200);
    const problem = await problemOf(await raw(await blank(1_001, 1_000), 'image/png'));
    expect(problem).toMatchObject({ status: 413, code: 'TOO_LARGE' });
    expect(problem.detail).toContain('1001 × 1000');
  });

  it('is the answer to a picture like a thread, however few pixels it has', async () => {
    const problem = await problemOf(await raw(await blank(5_000, 3), 'image/png'));
    expect(problem).toMatchObject({
      status: 413,
      code: 'TOO_LARGE',
      detail:
        'The image has 5000 × 3 pixels (0.015 megapixels); the longer side may have at most 65535 pixels and be at most 200 times as long as the other. Cut it into pieces.',
    });
  });
});

describe('415 UNSUPPORTED_MEDIA_TYPE', () => {
  it.each(['application/pdf', 'image/svg+xml', 'text/plain', 'image/heic', 'audio/wav', 'nonsense'])(
    'is the answer to a declared %s, whatever it holds',
    async (type) => {
      expect(await refusal(await raw(png, type))).toEqual(unsupported);
    },
  );

  it('is the answer to a compressed body', async () => {
    const headers = { 'content-type': 'image/png', 'content-encoding': 'gzip' };
    expect(await refusal(await post(ocr(), new Uint8Array(png), headers))).toEqual(unsupported);
    const identity = { ...headers, 'content-encoding': 'identity' };
    expect((await post(ocr(), new Uint8Array(png), identity)).status).toBe(200);
  });

  it('is the answer to such a part of a form and to such JSON', async () => {
    expect(await refusal(await post(ocr(), form(pdf, { type: 'application/pdf' })))).toEqual(unsupported);
    expect(await refusal(await post(ocr(), form(svg, { type: 'image/svg+xml' })))).toEqual(unsupported);
    expect(await refusal(await postJson(ocr(), { input: fileAsJson(pdf, 'application/pdf') }))).toEqual(unsupported);
  });

  it.each([
    ['a PDF', pdf],
    ['an SVG', svg],
    ['words', text],
    ['unknown bytes', Buffer.from([0, 1, 2, 3, 250, 251, 252])],
  ])('is the answer to %s as octet-stream', async (_name, bytes) => {
    expect(await refusal(await raw(bytes, 'application/octet-stream'))).toEqual(unsupported);
    expect(await refusal(await post(ocr(), form(bytes, { type: 'application/octet-stream' })))).toEqual(unsupported);
  });
});

describe('422 INVALID_PARAMETERS', () => {
  it.each([
    ['minConfidence=2', 'params.minConfidence'],
    ['minConfidence=high', 'params.minConfidence'],
    ['minConfidence=', 'params.minConfidence'],
    ['minConfidence=0.1&minConfidence=0.2', 'params.minConfidence'],
    ['maxSideLength=1000.5', 'params.maxSideLength'],
    ['minConfidense=0.5', 'params.minConfidense'],
    ['__proto__=1', 'params.__proto__'],
    ['toString=1', 'params.toString'],
  ])('is the answer to ?%s, in the query and in a form', async (query, path) => {
    const mistake = { status: 422, code: 'INVALID_PARAMETERS', issues: [{ path }] };
    const raw = await post(ocr(`?${query}`), new Uint8Array(png), { 'content-type': 'image/png' });
    expect(await refusal(raw)).toMatchObject(mistake);
    const filled = form(png);
    for (const [name, value] of new URLSearchParams(query)) filled.append(name, value);
    // The parser of forms refuses names that every object has.
    const named = path === 'params.__proto__' || path === 'params.toString';
    expect(await refusal(await post(ocr(), filled))).toMatchObject(named ? badInput : mistake);
  });

  it('is the response to a wrong query, even if the body has the same parameter right', async () => {
    const mistake = { status: 422, code: 'INVALID_PARAMETERS', issues: [{ path: 'params.minConfidence' }] };
    const fields = { minConfidence: '0.5' };
    const wrong = ocr('?minConfidence=2');
    expect(await refusal(await post(wrong, form(png, { fields })))).toMatchObject(mistake);
    const value = { input: fileAsJson(png), params: { minConfidence: 0.5 } };
    expect(await refusal(await postJson(wrong, value))).toMatchObject(mistake);
    const batch = `${server.url}/ocr/batch?minConfidence=2`;
    expect(await refusal(await post(batch, form(png, { fields })))).toMatchObject(mistake);
  });

  it('names every mistake', async () => {
    const fields = { minConfidence: '-1', maxSideLength: '7', language: 'en' };
    const { issues } = await refusal(await post(ocr(), form(png, { fields })));
    expect(issues?.map(({ path }) => path).sort()).toEqual([
      'params.language',
      'params.maxSideLength',
      'params.minConfidence',
    ]);
  });

  it('is the answer to JSON of the wrong shape, with its path', async () => {
    const input = fileAsJson(png);
    const pathsOf = async (value: unknown): Promise<string[] | undefined> => {
      const { status, issues } = await refusal(await postJson(ocr(), value));
      expect(status).toBe(422);
      return issues?.map(({ path }) => path);
    };
    expect(await pathsOf({ input, params: { minConfidence: '0.5' } })).toEqual(['params.minConfidence']);
    expect(await pathsOf({ input, params: [] })).toEqual(['params']);
    expect(await pathsOf({ input: { ...input, url: 'x' } })).toEqual(['input.url']);
    expect(await pathsOf({ input: {} })).toEqual(['input.data']);
    expect(await pathsOf({})).toEqual(['input']);
    expect(await pathsOf({ input, extra: 1 })).toEqual(['extra']);
    expect(await pathsOf([])).toEqual(['']);
  });

  it.each(['0', '-1', 'soon', '1e3', '', '0x10', 'Infinity', 'NaN', '1,5'])(
    'is the answer to x-timeout-seconds: %s',
    async (seconds) => {
      const response = await post(ocr(), form(png), { 'x-timeout-seconds': seconds });
      expect(await refusal(response)).toMatchObject({ status: 422, issues: [{ path: 'x-timeout-seconds' }] });
    },
  );

  it.each(['5.25', ' 60 ', '999999999'])('does not occur with x-timeout-seconds: %s', async (seconds) => {
    expect((await post(ocr(), form(png), { 'x-timeout-seconds': seconds })).status).toBe(200);
  });
});

describe('431 HEADERS_TOO_LARGE', () => {
  it('is the answer to more than 16 KiB of headers', async () => {
    using connection = await RawConnection.open(server.port);
    connection.request('GET /health', { 'x-long': 'a'.repeat(40_000) });
    const answer = await connection.answer();
    expect(answer.status).toBe(431);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 431, code: 'HEADERS_TOO_LARGE' });
    expect(answer.headers).toMatchObject({ connection: 'close', 'access-control-allow-origin': '*' });
    await connection.closed();
  });
});
