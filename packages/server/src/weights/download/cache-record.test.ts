import { existsSync } from 'node:fs';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  bytes,
  other,
  sha256Of,
  sha256,
  cacheDirectory,
  warnings,
  get,
  getUnknown,
  leftovers,
  options,
} from '../testing/downloads.ts';
import { refuse, send, serveWeights } from '../testing/weights-server.ts';
import { downloadWeights } from './download.ts';

describe('A file without a checksum', () => {
  it('is revalidated at each start, and downloaded when it has changed', async () => {
    await using server = await serveWeights((response, request) => {
      const [data, etag] = server.requests.length < 3 ? [bytes, '"one"'] : [other, '"two"'];
      if (request.headers['if-none-match'] === etag) refuse(304)(response, request);
      else send(data, { etag })(response, request);
    });
    expect(await getUnknown(`${server.url}/net.onnx`)).toMatchObject({ sha256 });
    expect(await getUnknown(`${server.url}/net.onnx`)).toMatchObject({ sha256 });
    const changed = await getUnknown(`${server.url}/net.onnx`);
    expect(changed.sha256).toBe(sha256Of(other));
    expect((await readFile(changed.path)).equals(other)).toBe(true);
    expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"one"', '"one"']);
  });

  it('is revalidated by its date where it has no tag', async () => {
    const date = 'Wed, 21 Oct 2020 07:28:00 GMT';
    await using server = await serveWeights(send(bytes, { 'last-modified': date }), refuse(304));
    await getUnknown(`${server.url}/net.onnx`);
    expect(await getUnknown(`${server.url}/net.onnx`)).toMatchObject({ sha256 });
    expect(server.requests[1]?.headers['if-modified-since']).toBe(date);
  });

  it('is downloaded anew where the copy is damaged, without asking whether it has changed', async () => {
    await using server = await serveWeights(send(bytes, { etag: '"one"' }));
    const { path } = await getUnknown(`${server.url}/net.onnx`);
    await writeFile(path, other);
    await getUnknown(`${server.url}/net.onnx`);
    expect((await readFile(path)).equals(bytes)).toBe(true);
    expect(server.requests[1]?.headers).not.toHaveProperty('if-none-match');
  });

  it('is taken from the cache, with a warning, while the server cannot be reached', async () => {
    const server = await serveWeights(send(bytes), refuse(503));
    const first = await getUnknown(`${server.url}/net.onnx`);
    expect(await getUnknown(`${server.url}/net.onnx`)).toEqual(first);
    await server[Symbol.asyncDispose]();
    expect(await getUnknown(`${server.url}/net.onnx`)).toEqual(first);
    expect(warnings).toEqual([
      expect.stringMatching(/503 Service Unavailable; using the cached copy with sha256/),
      expect.stringMatching(/ECONNREFUSED.*; using the cached copy with sha256/),
    ]);
  });

  it('is not unchanged because a server says so unasked', async () => {
    await using server = await serveWeights(send(bytes), refuse(304));
    await getUnknown(`${server.url}/net.onnx`);
    await expect(getUnknown(`${server.url}/net.onnx`)).rejects.toThrow('cannot be downloaded: 304');
  });

  it('is not taken from the cache when the server refuses it', async () => {
    await using server = await serveWeights(send(bytes), refuse(403));
    await getUnknown(`${server.url}/net.onnx`);
    await expect(getUnknown(`${server.url}/net.onnx`)).rejects.toThrow('403 Forbidden');
  });
});

describe('The cache', () => {
  it('is rid of what killed processes left, and of nothing that another writes', async () => {
    const folder = join(cacheDirectory, 'weights');
    await mkdir(folder, { recursive: true });
    await Promise.all(['dead.part', 'alive.part'].map((name) => writeFile(join(folder, name), 'x')));
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(folder, 'dead.part'), anHourAgo, anHourAgo);
    await using server = await serveWeights(send(bytes));
    await get(`${server.url}/net.onnx`);
    expect(await leftovers()).toEqual(['alive.part']);
  });

  it('that cannot be written to is reported with the variable that names another', async () => {
    const file = join(cacheDirectory, 'file');
    await writeFile(file, '');
    await using server = await serveWeights(send(bytes));
    await expect(
      downloadWeights(
        { kind: 'download', url: `${server.url}/net.onnx`, sha256 },
        { ...options(), cacheDirectory: file },
      ),
    ).rejects.toThrow(`The folder ${join(file, 'weights')} cannot be written to (ENOTDIR). Set MODEL_CACHE_DIR`);
    expect(server.requests).toEqual([]);
  });

  it('keeps every file below it, whatever a URL is called', async () => {
    await using server = await serveWeights(send(bytes));
    for (const name of ['..%2F..%2Fescaped', '%2e%2e', '', 'a'.repeat(300)]) {
      const { path } = await get(`${server.url}/${name}`);
      expect(dirname(path)).toBe(join(cacheDirectory, 'weights', sha256));
      expect(existsSync(path)).toBe(true);
    }
  });
});
