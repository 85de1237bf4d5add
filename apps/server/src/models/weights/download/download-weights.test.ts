import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Answer,
  refuse,
  send,
  sendPart,
  sendRest,
  sendWithLength,
  serveWeights,
} from '../testing/weights-server.ts';
import { downloadWeights } from './download-weights.ts';

const bytes = randomBytes(200_000);
const other = randomBytes(200_000);
const sha256Of = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
const sha256 = sha256Of(bytes);
const patience = { stallMilliseconds: 300, firstDelayMilliseconds: 10, longestDelayMilliseconds: 2_000, attempts: 4 };

let cacheDirectory: string;
let told: string[];
let warnings: string[];
beforeEach(async () => {
  vi.stubEnv('no_proxy', '127.0.0.1');
  cacheDirectory = await mkdtemp(join(tmpdir(), 'portico-downloads-'));
  told = [];
  warnings = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cacheDirectory, { recursive: true });
});

const options = () => ({
  cacheDirectory,
  patience,
  progress: (detail: string) => void told.push(detail),
  warn: (text: string) => void warnings.push(text),
});
const get = (url: string, expected = sha256) => downloadWeights({ kind: 'download', url, sha256: expected }, options());
const getUnknown = (url: string) => downloadWeights({ kind: 'download', url }, options());

/** Files that no download has finished. */
const leftovers = async (): Promise<string[]> =>
  (await readdir(join(cacheDirectory, 'weights'))).filter((name) => name.endsWith('.part'));

/** Asks a server that answers so, and tells how often it was asked. */
async function getFrom(...answers: readonly Answer[]): Promise<number> {
  await using server = await serveWeights(...answers);
  const { path } = await get(`${server.url}/net.onnx`);
  expect((await readFile(path)).equals(bytes)).toBe(true);
  expect(await leftovers()).toEqual([]);
  return server.asked.length;
}

/** Why nothing came of it, and how often the server was asked. */
async function failureFrom(...answers: readonly Answer[]): Promise<{ message: string; asked: number }> {
  await using server = await serveWeights(...answers);
  const error = await get(`${server.url}/net.onnx`).then(
    () => expect.fail('it was downloaded'),
    (error: Error) => error,
  );
  expect(error.message).toContain(`${server.url}/net.onnx`);
  expect(await leftovers()).toEqual([]);
  return { message: error.message, asked: server.asked.length };
}

describe('A file with a checksum', () => {
  it('is downloaded once and found in the cache from then on, without the network', async () => {
    await using server = await serveWeights(send(bytes));
    const first = await get(`${server.url}/folder/net.onnx`);
    expect(first).toEqual({ path: join(cacheDirectory, 'weights', sha256, 'net.onnx'), sha256 });
    expect(await get(`${server.url}/folder/net.onnx`)).toEqual(first);
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]?.headers['accept-encoding']).toBe('identity');
  });

  it('says how far it is', async () => {
    await getFrom(send(bytes));
    expect(told[0]).toBe('downloading net.onnx: 0.0 kB of 200.0 kB (0 %)');
  });

  it('is downloaded again where a disk has spoilt it', async () => {
    const path = join(cacheDirectory, 'weights', sha256, 'net.onnx');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, other);
    expect(await getFrom(send(bytes))).toBe(1);
    expect(warnings).toEqual([`${path} has sha256 ${sha256Of(other)} by now; it is downloaded again`]);
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

  it('is asked for once more where other bytes came, and then both checksums are told', async () => {
    expect(await getFrom(send(other), send(bytes))).toBe(2);
    await rm(join(cacheDirectory, 'weights'), { recursive: true });
    const { message, asked } = await failureFrom(send(other));
    expect(asked).toBe(2);
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
    expect(server.asked.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined, '"other"']);
  });

  it('may come in chunks without a length', async () => {
    await getFrom((response) => {
      response.write(bytes.subarray(0, 70_000));
      response.end(bytes.subarray(70_000));
    });
    expect(told[0]).toBe('downloading net.onnx: 0.0 kB');
  });

  it.each([
    ['gzip', gzipSync(bytes)],
    ['br', brotliCompressSync(bytes)],
  ])('may come as %s, although it was not asked for', async (encoding, encoded) => {
    expect(await getFrom(send(encoded, { 'content-encoding': encoding }))).toBe(1);
  });

  it('in an encoding that nobody knows is refused', async () => {
    const { message, asked } = await failureFrom(send(bytes, { 'content-encoding': 'pigeon' }));
    expect(message).toContain('it comes with content-encoding pigeon');
    expect(asked).toBe(1);
  });

  it('that is larger than any weights is refused before a byte of it is written', async () => {
    const { message, asked } = await failureFrom((response) => {
      response.writeHead(200, { 'content-length': '65000000000' });
      response.flushHeaders();
    });
    expect(message).toContain('larger than 64.00 GB');
    expect(asked).toBe(1);
  });
});

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

describe('Redirects', () => {
  it('are followed, and the file keeps its name', async () => {
    await using server = await serveWeights(
      refuse(302, { location: '/elsewhere/blob?token=1' }),
      refuse(307, { location: '/further' }),
      send(bytes),
    );
    const { path } = await get(`${server.url}/net.onnx`);
    expect(path).toMatch(/net\.onnx$/);
    expect(server.asked.map(({ path }) => path)).toEqual(['/net.onnx', '/elsewhere/blob?token=1', '/further']);
  });

  it('in a circle are given up', async () => {
    const { message, asked } = await failureFrom(refuse(302, { location: '/net.onnx' }));
    expect(message).toContain('more than 10 redirects');
    expect(asked).toBe(11);
  });

  it.each(['ftp://example.org/net.onnx', 'file:///etc/passwd', 'http://[', 'data:,x'])(
    'to %s are not followed',
    async (location) => {
      const { message, asked } = await failureFrom(refuse(301, { location }));
      expect(message).toContain('which is not followed');
      expect(asked).toBe(1);
    },
  );

  it('never carry credentials to another origin', async () => {
    await using elsewhere = await serveWeights(send(bytes));
    await using server = await serveWeights(refuse(302, { location: `${elsewhere.url}/net.onnx` }));
    await get(`${server.url.replace('//', '//user:pass%20word@')}/net.onnx`);
    const authorization = `Basic ${Buffer.from('user:pass word').toString('base64')}`;
    expect(server.asked[0]?.headers.authorization).toBe(authorization);
    expect(elsewhere.asked[0]?.headers).not.toHaveProperty('authorization');
  });
});

it('a password may hold a percent sign that encodes nothing', async () => {
  await using server = await serveWeights(send(bytes));
  await get(`${server.url.replace('//', '//user:100%@')}/net.onnx`);
  expect(server.asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('user:100%').toString('base64')}`);
});

it('secrets of the URL are in no message', async () => {
  await using server = await serveWeights(refuse(503));
  const url = `${server.url.replace('//', '//user:passphrase@')}/net.onnx?token=letmein#fragment`;
  const message = await get(url).then(
    () => expect.fail('it was downloaded'),
    (error: Error) => error.message,
  );
  await getUnknown(url).catch(() => {});
  expect(message).toContain(`${server.url}/net.onnx?… cannot be downloaded`);
  expect([message, ...told, ...warnings].join('\n')).not.toMatch(/user|passphrase|letmein|fragment/);
  expect(server.asked[0]?.path).toBe('/net.onnx?token=letmein');
});

describe('A file without a checksum', () => {
  it('is asked for again at each start, and downloaded when it has changed', async () => {
    await using server = await serveWeights((response, request) => {
      const [data, etag] = server.asked.length < 3 ? [bytes, '"one"'] : [other, '"two"'];
      if (request.headers['if-none-match'] === etag) refuse(304)(response, request);
      else send(data, { etag })(response, request);
    });
    expect(await getUnknown(`${server.url}/net.onnx`)).toMatchObject({ sha256 });
    expect(await getUnknown(`${server.url}/net.onnx`)).toMatchObject({ sha256 });
    const changed = await getUnknown(`${server.url}/net.onnx`);
    expect(changed.sha256).toBe(sha256Of(other));
    expect((await readFile(changed.path)).equals(other)).toBe(true);
    expect(server.asked.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"one"', '"one"']);
  });

  it('is revalidated by its date where it has no tag', async () => {
    const date = 'Wed, 21 Oct 2020 07:28:00 GMT';
    await using server = await serveWeights(send(bytes, { 'last-modified': date }), refuse(304));
    await getUnknown(`${server.url}/net.onnx`);
    expect(await getUnknown(`${server.url}/net.onnx`)).toMatchObject({ sha256 });
    expect(server.asked[1]?.headers['if-modified-since']).toBe(date);
  });

  it('is downloaded anew where the copy is spoilt, whatever the server says of it', async () => {
    await using server = await serveWeights(send(bytes, { etag: '"one"' }));
    const { path } = await getUnknown(`${server.url}/net.onnx`);
    await writeFile(path, other);
    await getUnknown(`${server.url}/net.onnx`);
    expect((await readFile(path)).equals(bytes)).toBe(true);
    expect(server.asked[1]?.headers).not.toHaveProperty('if-none-match');
  });

  it('is taken from the cache, with a warning, while the server cannot be reached', async () => {
    const server = await serveWeights(send(bytes), refuse(503));
    const first = await getUnknown(`${server.url}/net.onnx`);
    expect(await getUnknown(`${server.url}/net.onnx`)).toEqual(first);
    await server[Symbol.asyncDispose]();
    expect(await getUnknown(`${server.url}/net.onnx`)).toEqual(first);
    expect(warnings).toEqual([
      expect.stringMatching(/503 Service Unavailable; using the copy of before, with sha256/),
      expect.stringMatching(/ECONNREFUSED.*; using the copy of before, with sha256/),
    ]);
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

  it('that cannot be written to is told with the variable that names another', async () => {
    const file = join(cacheDirectory, 'file');
    await writeFile(file, '');
    await using server = await serveWeights(send(bytes));
    await expect(
      downloadWeights(
        { kind: 'download', url: `${server.url}/net.onnx`, sha256 },
        { ...options(), cacheDirectory: file },
      ),
    ).rejects.toThrow(`The folder ${join(file, 'weights')} cannot be written to (ENOTDIR); MODEL_CACHE_DIR may name`);
    expect(server.asked).toEqual([]);
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

it('a proxy that the environment names is used', async () => {
  const tunnels: string[] = [];
  const sockets: Socket[] = [];
  const proxy = createServer().on('connect', ({ url = '' }, client: Socket) => {
    tunnels.push(url);
    const [host, port] = url.split(':');
    const target = connect(Number(port), host, () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    sockets.push(client, target);
    for (const socket of [client, target]) socket.on('error', () => {});
    client.pipe(target).pipe(client);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  vi.stubEnv('no_proxy', '');
  vi.stubEnv('NO_PROXY', '');
  vi.stubEnv('http_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  expect(await getFrom(send(bytes))).toBe(1);
  expect(tunnels).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => proxy.close(resolve));
});
