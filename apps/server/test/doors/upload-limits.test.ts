import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { fileAsJson, form, post, postJson, refusal, streamOf } from './support/asking.ts';
import { blank, mebibyte, padded } from './support/pages.ts';
import { RawConnection } from './support/raw-connection.ts';

const limit = 20 * mebibyte;
const octets = { 'content-type': 'application/octet-stream' };

let server: ServerProcess;
let png: Buffer;
let exact: Uint8Array<ArrayBuffer>;
let over: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'ocr' });
  [png] = await Promise.all([blank(64), server.ready()]);
  exact = new Uint8Array(padded(png, limit));
  over = new Uint8Array(padded(png, limit + 1));
});
afterAll(() => server[Symbol.asyncDispose]());

const ocr = (): string => `${server.url}/ocr`;
const tooLarge = { status: 413, code: 'TOO_LARGE' };

describe('A file of exactly MAX_UPLOAD_MB', () => {
  it('passes as a form, raw, in chunks and as JSON', async () => {
    expect((await post(ocr(), form(exact))).status).toBe(200);
    expect((await post(ocr(), exact, octets)).status).toBe(200);
    expect((await post(ocr(), streamOf(exact), octets)).status).toBe(200);
    expect((await postJson(ocr(), { input: fileAsJson(exact) })).status).toBe(200);
  });
});

describe('A file of one byte more', () => {
  it('is refused as a form, raw, in chunks and as JSON, in words that name the limit', async () => {
    expect(await refusal(await post(ocr(), form(over)))).toEqual(tooLarge);
    expect(await refusal(await post(ocr(), over, octets))).toEqual(tooLarge);
    expect(await refusal(await post(ocr(), streamOf(over), octets))).toEqual(tooLarge);
    const asJson = await postJson(ocr(), { input: fileAsJson(over) });
    expect(await asJson.json()).toMatchObject({ code: 'TOO_LARGE', detail: expect.stringContaining('20 MiB') });
    const inChunks = JSON.stringify({ input: fileAsJson(padded(png, limit + mebibyte)) });
    const json = await post(ocr(), streamOf(Buffer.from(inChunks)), { 'content-type': 'application/json' });
    expect(await json.json()).toMatchObject({ code: 'TOO_LARGE', detail: expect.stringContaining('20 MiB') });
  });
});

describe('A body of 21 MiB', () => {
  const announced = { 'content-type': 'image/png', 'content-length': limit + mebibyte };

  it('is refused by its header, before a byte of it', async () => {
    using connection = await RawConnection.open(server.port);
    connection.request('POST /ocr', announced);
    const { status, body } = await connection.answer();
    expect(status).toBe(413);
    expect(JSON.parse(body)).toMatchObject(tooLarge);
  });

  it.each([
    ['keeps the connection alive', '1.1', {}],
    ['closes the connection', '1.1', { connection: 'close' }],
    ['speaks HTTP/1.0', '1.0', {}],
    ['asks for an upgrade', '1.1', { connection: 'upgrade', upgrade: 'h2c' }],
  ])('lets a client that %s send all of it and hear the response after that', async (_what, version, headers) => {
    using connection = await RawConnection.open(server.port);
    const fields = Object.entries({ host: 'portico', ...announced, ...headers }).map((field) => field.join(': '));
    connection.socket.write(`POST /ocr HTTP/${version}\r\n${fields.join('\r\n')}\r\n\r\n`);
    // It reads nothing before the last byte has left.
    connection.socket.pause();
    const half = new Uint8Array(announced['content-length'] / 2);
    await new Promise((resolve) => connection.socket.write(half, resolve));
    await new Promise((resolve) => connection.socket.write(half, resolve));
    connection.socket.resume();
    const answer = await connection.answer();
    expect(answer.status).toBe(413);
    expect(answer.headers['connection']).toBe('close');
    await connection.closed();
  });

  it('times out soon when it does not come', async () => {
    using connection = await RawConnection.open(server.port);
    connection.request('POST /ocr', announced, 'a few bytes');
    expect((await connection.answer()).status).toBe(413);
    await connection.closed();
  });

  it('is refused in chunks as soon as it passes the limit, raw and as a form', async () => {
    const piece = Buffer.alloc(mebibyte);
    const chunk = Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);
    const form = 'multipart/form-data; boundary=b';
    const part = (name: string): string => `--b\r\ncontent-disposition: form-data; name="${name}"`;
    const starts = [
      ['application/octet-stream', ''],
      [form, `${part('file')}; filename="x"\r\n\r\n`],
      // Where a parser of forms would read on without telling anyone.
      [form, `${part('note')}\r\n\r\n`],
      [form, 'before the first boundary'],
      [form, `${part('file')}; filename="x"\r\nx-filler: `],
      [form, `${part('file')}; filename="x"\r\n\r\nx\r\n--b--\r\nafter the last boundary`],
    ] as const;
    for (const [type, start] of starts) {
      const first = start === '' ? '' : `${start.length.toString(16)}\r\n${start}\r\n`;
      using connection = await RawConnection.open(server.port);
      connection.request('POST /ocr', { 'content-type': type, 'transfer-encoding': 'chunked' }, first);
      // The end of the body is never sent, so the answer cannot have waited for it.
      for (let sent = 0; sent <= limit / piece.length; sent += 1) connection.socket.write(chunk);
      const { status, body } = await connection.answer();
      expect(status).toBe(413);
      expect(JSON.parse(body)).toMatchObject(tooLarge);
      await connection.closed();
    }
  });
});

describe('Expect: 100-continue', () => {
  const expecting = { 'content-type': 'image/png', expect: '100-continue' };

  it('is answered with 100 when the headers have passed, and the body is read then', async () => {
    using connection = await RawConnection.open(server.port);
    connection.request('POST /ocr', { ...expecting, 'content-length': png.length });
    expect((await connection.answer()).status).toBe(100);
    connection.socket.write(png);
    expect((await connection.answer()).status).toBe(200);
    connection.request('GET /health');
    expect((await connection.answer()).status).toBe(200);
  });

  it.each([
    ['413', 'POST /ocr', { 'content-length': limit + 1 }],
    ['415', 'POST /ocr', { 'content-length': 10, 'content-type': 'application/pdf' }],
    ['404', 'POST /nowhere', { 'content-length': 10 }],
    ['405', 'POST /health', { 'content-length': 10 }],
    ['406', 'POST /ocr', { 'content-length': 10, accept: 'text/html' }],
    ['413', 'POST /trpc/ocr.infer', { 'content-length': 2 * limit, 'content-type': 'application/json' }],
    ['415', 'POST /trpc/ocr.infer', { 'content-length': 10 }],
  ])('is answered with %s at once and the connection closed, for %s with %o', async (status, line, headers) => {
    using connection = await RawConnection.open(server.port);
    connection.request(line, { ...expecting, ...headers });
    const answer = await connection.answer();
    expect(answer.status).toBe(Number(status));
    expect(answer.headers['connection']).toBe('close');
    await connection.closed();
    expect(connection.received).not.toContain('100 Continue');
  });

  it('has no other form in the way', async () => {
    using connection = await RawConnection.open(server.port);
    connection.request('GET /health', { expect: 'miracles' });
    expect((await connection.answer()).status).toBe(200);
  });
});

describe('A connection', () => {
  it('carries on after an early refusal', async () => {
    using connection = await RawConnection.open(server.port);
    const refused = { 'content-type': 'application/pdf', 'content-length': 4 };
    connection.request('POST /ocr', refused);
    // The body comes in a packet of its own, and right behind it the next request.
    await setImmediate();
    connection.socket.write('%PDF');
    connection.request('GET /health');
    expect((await connection.answer()).status).toBe(415);
    const { status, body } = await connection.answer();
    expect({ status, body }).toEqual({ status: 200, body: '{"status":"ok"}' });
  });

  it('keeps pipelined requests apart, refused or not', async () => {
    using connection = await RawConnection.open(server.port);
    const looksLikeRequest = 'GET /gpu HTTP/1.1\r\nhost: x\r\n\r\n';
    connection.request(
      'POST /ocr',
      { 'content-type': 'text/html', 'content-length': looksLikeRequest.length },
      looksLikeRequest,
    );
    connection.request('POST /ocr', { 'content-type': 'image/png', 'content-length': png.length }, png);
    connection.request('POST /nowhere', { 'content-length': 4 }, 'body');
    connection.request('GET /health');
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await connection.answer()).status);
    expect(statuses).toEqual([415, 200, 404, 200]);
    expect(connection.received).not.toContain('"gpus"');
  });
});
