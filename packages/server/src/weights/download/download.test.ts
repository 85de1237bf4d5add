import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  bytes,
  other,
  sha256Of,
  sha256,
  cacheDirectory,
  progress,
  warnings,
  get,
  leftovers,
  getFrom,
  failureFrom,
} from '../testing/downloads.ts';
import { refuse, send, serveWeights } from '../testing/weights-server.ts';

describe('A file with a checksum', () => {
  it('is downloaded once and found in the cache from then on, without the network', async () => {
    await using server = await serveWeights(send(bytes));
    const first = await get(`${server.url}/folder/net.onnx`);
    expect(first).toEqual({ path: join(cacheDirectory, 'weights', sha256, 'net.onnx'), sha256 });
    expect(await get(`${server.url}/folder/net.onnx`)).toEqual(first);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  it('reports how far it is', async () => {
    await getFrom(send(bytes));
    expect(progress[0]).toBe('downloading net.onnx: 0.0 kB of 200.0 kB (0 %)');
  });

  it('is downloaded again where the disk has damaged it', async () => {
    const path = join(cacheDirectory, 'weights', sha256, 'net.onnx');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, other);
    expect(await getFrom(send(bytes))).toBe(1);
    expect(warnings).toEqual([`${path} is damaged: it has sha256 ${sha256Of(other)}; downloading it again`]);
  });

  it('is whole for two that download it at once', async () => {
    await using server = await serveWeights((response) => {
      response.writeHead(200, { 'content-length': String(bytes.byteLength) });
      response.write(bytes.subarray(0, 1_000));
      setTimeout(() => response.end(bytes.subarray(1_000)), 50);
    });
    const both = await Promise.all([get(`${server.url}/net.onnx`), get(`${server.url}/net.onnx`)]);
    for (const { path } of both) expect((await readFile(path)).equals(bytes)).toBe(true);
    expect(await leftovers()).toEqual([]);
  });

  it('is requested once more where other bytes came, and then both checksums are reported', async () => {
    expect(await getFrom(send(other), send(bytes))).toBe(2);
    await rm(join(cacheDirectory, 'weights'), { recursive: true });
    const { message, requests } = await failureFrom(send(other));
    expect(requests).toBe(2);
    expect(message).toMatch(/^Weights http.+ have sha256/);
    expect(message).toContain(`have sha256 ${sha256Of(other)}, expected ${sha256}`);
  });

  it('with wrong bytes is not downloaded over and over, as long as the server says that they are the same', async () => {
    await using server = await serveWeights((response, request) => {
      if (request.headers['if-none-match'] === '"other"') refuse(304)(response, request);
      else send(other, { etag: '"other"' })(response, request);
    });
    const attempt = () => get(`${server.url}/net.onnx`);
    await expect(attempt()).rejects.toThrow(`expected ${sha256}`);
    await expect(attempt()).rejects.toThrow(`have sha256 ${sha256Of(other)}, expected ${sha256}`);
    expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined, '"other"']);
  });

  it('may come in chunks without a length', async () => {
    await getFrom((response) => {
      response.write(bytes.subarray(0, 70_000));
      response.end(bytes.subarray(70_000));
    });
    expect(progress[0]).toBe('downloading net.onnx: 0.0 kB');
  });

  it.each([
    ['gzip', gzipSync(bytes)],
    ['br', brotliCompressSync(bytes)],
  ])('may come as %s, although it was not asked for', async (encoding, encoded) => {
    expect(await getFrom(send(encoded, { 'content-encoding': encoding }))).toBe(1);
  });

  it('in an unknown encoding is refused', async () => {
    const { message, requests } = await failureFrom(send(bytes, { 'content-encoding': 'pigeon' }));
    expect(message).toContain('content-encoding pigeon is not supported');
    expect(requests).toBe(1);
  });

  it('that is larger than any weights is refused before a byte of it is written', async () => {
    const { message, requests } = await failureFrom((response) => {
      response.writeHead(200, { 'content-length': '65000000000' });
      response.flushHeaders();
    });
    expect(message).toContain('larger than 64.00 GB');
    expect(requests).toBe(1);
  });
});
