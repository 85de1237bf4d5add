import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  bytes,
  other,
  sha256Of,
  patience,
  cacheDirectory,
  told,
  get,
  getFrom,
  failureFrom,
} from '../testing/downloads.ts';
import {
  type Answer,
  refuse,
  send,
  sendPart,
  sendRest,
  sendWithLength,
  serveWeights,
} from '../testing/weights-server.ts';

describe('What passes by is tried again:', () => {
  it.each([500, 502, 503, 504, 408, 429])('status %i', async (status) => {
    expect(await getFrom(refuse(status), send(bytes))).toBe(2);
    expect(told[0]).toMatch(new RegExp(`${status} .+; trying again in 0\\.0 s`));
  });

  it('a connection that is cut', async () => {
    expect(await getFrom(sendPart(bytes, 50_000, 'cut'), send(bytes))).toBe(2);
  });

  it('a connection that is refused, with its reason', async () => {
    const server = await serveWeights(send(bytes));
    await server[Symbol.asyncDispose]();
    await expect(get(`${server.url}/net.onnx`)).rejects.toThrow('ECONNREFUSED');
    expect(told).toHaveLength(patience.attempts - 1);
  });

  it('a server that falls silent in its headers or in its body', async () => {
    expect(await getFrom(() => {}, sendPart(bytes, 50_000, 'stall'), send(bytes))).toBe(3);
    expect(told.join('\n')).toMatch(/Headers Timeout[^]+Body Timeout/);
  });

  it('an answer that is no HTTP', async () => {
    const noHttp: Answer = ({ socket }) => void socket?.end('SSH-2.0-server\r\n');
    expect(await getFrom(noHttp, send(bytes))).toBe(2);
    expect(told[0]).toMatch(/net\.onnx cannot be downloaded: Response does not match.+; trying again/);
  });

  it('fewer bytes than announced', async () => {
    expect(await getFrom(sendWithLength(bytes, bytes.byteLength + 10), send(bytes))).toBe(2);
  });

  it('more bytes than announced', async () => {
    expect(await getFrom(sendWithLength(bytes, bytes.byteLength - 10), send(bytes))).toBe(2);
  });

  it('a cut encoding', async () => {
    expect(await getFrom(send(gzipSync(bytes).subarray(0, 90_000), { 'content-encoding': 'gzip' }), send(bytes))).toBe(
      2,
    );
  });

  it('when the server asks for patience, after that time, but not after any time', async () => {
    const startedAt = performance.now();
    await getFrom(refuse(429, { 'retry-after': '1' }), send(bytes));
    expect(performance.now() - startedAt).toBeGreaterThan(990);
    await rm(join(cacheDirectory, 'weights'), { recursive: true });
    const againAt = performance.now();
    await getFrom(refuse(503, { 'retry-after': '86400' }), send(bytes));
    expect(performance.now() - againAt).toBeLessThan(20_000);
  });

  it('not for ever', async () => {
    const { message, asked } = await failureFrom(refuse(503));
    expect(message).toContain('503 Service Unavailable');
    expect(asked).toBe(patience.attempts);
  });

  it.each([400, 401, 403, 404, 410])('not status %i', async (status) => {
    const { message, asked } = await failureFrom(refuse(status));
    expect(message).toContain(`cannot be downloaded: ${status} `);
    expect(asked).toBe(1);
  });
});

describe('A download that was cut', () => {
  const etag = '"one"';

  it('goes on from there', async () => {
    await using server = await serveWeights(sendPart(bytes, 50_000, 'cut', { etag }), sendRest(bytes, { etag }));
    const { path } = await get(`${server.url}/net.onnx`);
    expect((await readFile(path)).equals(bytes)).toBe(true);
    const { range, 'if-range': condition } = server.asked[1]?.headers ?? {};
    expect(range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(condition).toBe(etag);
  });

  it('starts from scratch where the file has changed meanwhile', async () => {
    expect(await getFrom(sendPart(other, 50_000, 'cut', { etag: '"old"' }), send(bytes, { etag }))).toBe(2);
  });

  it('starts from scratch where a server sends the rest of another file', async () => {
    const answers = [
      sendPart(other, 50_000, 'cut', { etag: '"old"' }),
      sendRest(bytes, { etag }),
      send(bytes, { etag }),
    ];
    expect(await getFrom(...answers)).toBe(3);
  });

  it('starts from scratch where a part came that was not asked for, or none', async () => {
    const wrongPart: Answer = (response) => {
      response.writeHead(206, { 'content-range': `bytes 7-${bytes.byteLength - 1}/${bytes.byteLength}`, etag });
      response.end(bytes.subarray(7));
    };
    const cut = sendPart(bytes, 50_000, 'cut', { etag });
    for (const answer of [wrongPart, refuse(416)]) {
      expect(await getFrom(cut, answer, send(bytes, { etag }))).toBe(3);
      await rm(join(cacheDirectory, 'weights'), { recursive: true });
    }
  });

  it('starts from scratch where nothing says that the rest belongs to it', async () => {
    await using server = await serveWeights(sendPart(bytes, 50_000, 'cut', { etag: 'W/"weak"' }), send(bytes));
    await get(`${server.url}/net.onnx`);
    expect(server.asked[1]?.headers).not.toHaveProperty('range');
  });

  it('is tried again as often as it takes, as long as each attempt brings a mebibyte', async () => {
    const large = randomBytes(8 * 1024 * 1024 + 1);
    const step = 1024 * 1024 + 100_000;
    await using server = await serveWeights((response, request) => {
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const status = start === 0 ? 200 : 206;
      response.writeHead(status, {
        'content-length': String(large.byteLength - start),
        'content-range': `bytes ${start}-${large.byteLength - 1}/${large.byteLength}`,
        etag,
      });
      if (start + step >= large.byteLength) response.end(large.subarray(start));
      else response.write(large.subarray(start, start + step), () => setTimeout(() => response.destroy(), 50));
    });
    const { path } = await get(`${server.url}/net.onnx`, sha256Of(large));
    expect((await readFile(path)).equals(large)).toBe(true);
    expect(server.asked.length).toBeGreaterThan(patience.attempts);
  });
});
