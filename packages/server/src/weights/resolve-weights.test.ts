import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { locatedWeights, pinWeights, resolveWeights } from './resolve-weights.ts';
import { refuse, send, serveWeights } from './testing/weights-server.ts';
import { configuredFile, download, type LocatedWeightsFile, localFile, npmFile } from './weights-file.ts';

const installed = createRequire(import.meta.url).resolve('zod/package.json');
const ofProject = fileURLToPath(new URL('../../package.json', import.meta.url));
const sha256Of = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const sha256 = sha256Of(installed);
const wrong = '0'.repeat(64);

let progress: string[] = [];
afterEach(() => {
  progress = [];
});
const resolve = (files: Record<string, LocatedWeightsFile>, cacheDirectory = '/nowhere') =>
  resolveWeights(files, {
    from: import.meta.url,
    cacheDirectory,
    progress: ({ detail }) => void progress.push(detail),
    warn: (text) => expect.fail(text),
  });

it('an installed file with the right bytes is found', async () => {
  const { net } = await resolve({ net: npmFile('zod', 'package.json', sha256) });
  expect(net?.sha256).toBe(sha256);
  expect(readFileSync(net?.path ?? '')).toEqual(readFileSync(installed));
  expect(progress).toEqual([]);
});

it('a file that does not exist is named', async () => {
  await expect(resolve({ net: npmFile('zod', 'weights.onnx', sha256) })).rejects.toThrow(
    'Weights zod/weights.onnx are not installed.',
  );
  await expect(resolve({ net: npmFile('portico-no-such-package', 'net.onnx', sha256) })).rejects.toThrow(
    'Weights portico-no-such-package/net.onnx are not installed.',
  );
  await expect(resolve({ net: localFile('weights/none.onnx') })).rejects.toThrow(
    'Weights file weights/none.onnx does not exist. Put it there, or correct its path in the registration.',
  );
  await expect(resolve({ net: localFile(tmpdir()) })).rejects.toThrow(`Weights file ${tmpdir()} does not exist.`);
});

it('other bytes than expected are reported with both checksums', async () => {
  await expect(
    resolve({ right: npmFile('zod', 'package.json', sha256), net: npmFile('zod', 'package.json', wrong) }),
  ).rejects.toThrow(`Weights net (zod/package.json) have sha256 ${sha256}, expected ${wrong}.`);
  await expect(resolve({ net: localFile('package.json', wrong) })).rejects.toThrow(
    `Weights net (package.json) have sha256 ${sha256Of(ofProject)}, expected ${wrong}.`,
  );
});

it('a relative path begins at the package of the module that registers it, an absolute one is as it is', async () => {
  const { relative, absolute } = await resolve({
    relative: localFile('package.json', sha256Of(ofProject)),
    absolute: localFile(installed, sha256),
  });
  expect(relative?.path).toBe(ofProject);
  expect(absolute?.path).toBe(installed);
});

it('a file: URL names a file beside the module', async () => {
  const url = new URL('./resolve-weights.test.ts', import.meta.url);
  const { beside } = await resolve({ beside: localFile(url) });
  expect(beside?.path).toBe(fileURLToPath(url));
});

it('a checksum that was unknown before is reported', async () => {
  const { net } = await resolve({ net: localFile(installed) });
  expect(net?.sha256).toBe(sha256);
  expect(progress).toEqual([`net (file:${installed}) has sha256 ${sha256}`]);
});

it('a download ends in the cache', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'portico-weights-'));
  await using server = await serveWeights(send(readFileSync(installed)));
  const { net } = await resolve({ net: download(`${server.url}/net.onnx`, sha256) }, cache);
  expect(net?.path.startsWith(cache)).toBe(true);
  expect(readFileSync(net?.path ?? '')).toEqual(readFileSync(installed));
  await rm(cache, { recursive: true });
});

it('an optional file that the server does not have is left out, and no other', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'portico-weights-'));
  await using absent = await serveWeights(refuse(404));
  const url = `${absent.url}/lengths.json`;
  expect(await resolve({ lengths: { kind: 'download', url, optional: true } }, cache)).toEqual({});
  expect(progress.at(-1)).toBe(`lengths (${url}) does not exist; continuing without it`);
  await expect(resolve({ lengths: { kind: 'download', url } }, cache)).rejects.toThrow('404');
  await using closed = await serveWeights(refuse(403));
  const refused = resolve({ lengths: { kind: 'download', url: closed.url, optional: true } }, cache);
  await expect(refused).rejects.toThrow('403');
  await rm(cache, { recursive: true });
});

it('what the settings locate can be resolved; what only the environment names cannot', () => {
  const located = { net: npmFile('p', 'net.onnx', '0'), words: download('https://example.org/words.txt', '0') };
  expect(locatedWeights(located)).toEqual(located);
  expect(() => locatedWeights({ ...located, more: configuredFile('MORE', 'more.bin') })).toThrow(
    'Only MORE says where the weights more are.',
  );
});

describe('Pinned downloads', () => {
  const unknown: LocatedWeightsFile = { kind: 'download', url: 'https://example.org/net.onnx' };

  it('later engines get the bytes that the first one got, whatever the server has by then', () => {
    expect(pinWeights({ net: unknown }, { net: 'abc' }, false)).toEqual({ net: { ...unknown, sha256: 'abc' } });
  });

  it('nothing changes before there is an engine, and where the checksum is known', () => {
    const known = download('https://example.org/net.onnx', 'known');
    expect(pinWeights({ net: unknown, known }, {}, true)).toEqual({ net: unknown, known });
    expect(pinWeights({ known }, { known: 'other' }, true)).toEqual({ known });
  });

  it('a file of the machine may be replaced while the server runs, and is not loaded while engines serve the old one', () => {
    const net = localFile('/srv/net.onnx');
    expect(pinWeights({ net }, { net: 'abc' }, true)).toEqual({ net: { ...net, sha256: 'abc' } });
    expect(pinWeights({ net }, { net: 'abc' }, false)).toEqual({ net });
  });
});
