import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  bytes,
  other,
  sha256Of,
  retry,
  cacheDirectory,
  progress,
  get,
  getFrom,
  failureFrom,
} from '../testing/downloads.ts';
import {
  type Responder,
  refuse,
  send,
  sendPart,
  sendRest,
  sendWithLength,
  serveWeights,
} from '../testing/weights-server.ts';
import { defaultRetryOptions, retryAfter, retryDelay } from './download.ts';

describe('A retry follows', () => {
  it.each([500, 502, 503, 504, 408, 429])('status %i', async (status) => {
    expect(await getFrom(refuse(status), send(bytes))).toBe(2);
    expect(progress[0]).toMatch(new RegExp(`${status} .+; retrying in 0\\.0 s`));
  });

  it('a connection that is cut', async () => {
    expect(await getFrom(sendPart(bytes, 50_000, 'cut'), send(bytes))).toBe(2);
  });

  it('a connection that is refused, with its reason', async () => {
    const server = await serveWeights(send(bytes));
    await server[Symbol.asyncDispose]();
    await expect(get(`${server.url}/net.onnx`)).rejects.toThrow('ECONNREFUSED');
    expect(progress).toHaveLength(retry.maxRetries);
  });

  it('a server that falls silent in its headers or in its body', async () => {
    expect(await getFrom(() => {}, sendPart(bytes, 50_000, 'stall'), send(bytes))).toBe(3);
    expect(progress.join('\n')).toMatch(/Headers Timeout[^]+Body Timeout/);
  });

  it('an answer that is no HTTP', async () => {
    const noHttp: Responder = ({ socket }) => void socket?.end('SSH-2.0-server\r\n');
    expect(await getFrom(noHttp, send(bytes))).toBe(2);
    expect(progress[0]).toMatch(/net\.onnx cannot be downloaded: Response does not match.+; retrying/);
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

  it('after the time in Retry-After, but not after any time', async () => {
    const startedAt = performance.now();
    await getFrom(refuse(429, { 'retry-after': '1' }), send(bytes));
    expect(performance.now() - startedAt).toBeGreaterThan(990);
    await rm(join(cacheDirectory, 'weights'), { recursive: true });
    const againAt = performance.now();
    await getFrom(refuse(503, { 'retry-after': '86400' }), send(bytes));
    expect(performance.now() - againAt).toBeLessThan(20_000);
  });

  it('no more than maxRetries times', async () => {
    const { message, requests } = await failureFrom(refuse(503));
    expect(message).toContain('503 Service Unavailable');
    expect(requests).toBe(retry.maxRetries + 1);
  });

  it.each([400, 401, 403, 404, 410])('no status %i', async (status) => {
    const { message, requests } = await failureFrom(refuse(status));
    expect(message).toContain(`cannot be downloaded: ${status} `);
    expect(requests).toBe(1);
  });
});

describe('The delay before a retry', () => {
  const latest = () => 0;
  const earliest = () => 1;
  const now = Date.parse('2026-01-01T00:00:00Z');

  it('doubles each time, up to the maximum', () => {
    const delays = [1, 2, 3, 4, 20].map((retries) => retryDelay(retries, 0, defaultRetryOptions, latest));
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 60_000]);
  });

  it('is shortened by up to a half at random', () => {
    expect(retryDelay(3, 0, defaultRetryOptions, earliest)).toBe(2_000);
  });

  it('is as long as the server asks for, up to the maximum', () => {
    expect(retryDelay(1, 30_000, defaultRetryOptions, latest)).toBe(30_000);
    expect(retryDelay(3, 100, defaultRetryOptions, latest)).toBe(4_000);
    expect(retryDelay(1, 1e9, defaultRetryOptions, latest)).toBe(60_000);
  });

  it.each([
    [undefined, 0],
    ['7', 7_000],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9_000],
    ['Thu, 01 Jan 2025 00:00:09 GMT', 0],
    ['soon', 0],
    ['-3', 0],
  ])('Retry-After: %s is %i ms', (header, milliseconds) => {
    expect(retryAfter(header, now)).toBe(milliseconds);
  });
});

describe('A download that was cut', () => {
  const etag = '"one"';

  it('resumes from there', async () => {
    await using server = await serveWeights(sendPart(bytes, 50_000, 'cut', { etag }), sendRest(bytes, { etag }));
    const { path } = await get(`${server.url}/net.onnx`);
    expect((await readFile(path)).equals(bytes)).toBe(true);
    const { range, 'if-range': condition } = server.requests[1]?.headers ?? {};
    expect(range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(condition).toBe(etag);
  });

  it('starts from scratch where the file has changed meanwhile', async () => {
    expect(await getFrom(sendPart(other, 50_000, 'cut', { etag: '"old"' }), send(bytes, { etag }))).toBe(2);
  });

  it('starts from scratch where a server sends the rest of another file', async () => {
    const responders = [
      sendPart(other, 50_000, 'cut', { etag: '"old"' }),
      sendRest(bytes, { etag }),
      send(bytes, { etag }),
    ];
    expect(await getFrom(...responders)).toBe(3);
  });

  it('starts from scratch where a part came that was not asked for, or none', async () => {
    const wrongPart: Responder = (response) => {
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
    expect(server.requests[1]?.headers).not.toHaveProperty('range');
  });

  it('starts from scratch where the server sent it compressed: the rest of that is not the rest of the file', async () => {
    const encoded = gzipSync(bytes);
    const gzip = { 'content-encoding': 'gzip', etag };
    await using server = await serveWeights(sendPart(encoded, 90_000, 'cut', gzip), send(encoded, gzip));
    await get(`${server.url}/net.onnx`);
    expect(server.requests[1]?.headers).not.toHaveProperty('range');
  });

  it('is retried as often as it takes, as long as each attempt brings a mebibyte', async () => {
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
    expect(server.requests.length).toBeGreaterThan(retry.maxRetries + 1);
  });
});
