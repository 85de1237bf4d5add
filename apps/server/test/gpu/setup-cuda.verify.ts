import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { zipOf } from '@portico/server/internal/cuda/testing/zip-of';
import {
  refuse,
  send,
  sendPart,
  sendRest,
  serveWeights,
  type WeightsServer,
} from '@portico/server/internal/weights/testing/weights-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainSkip } from '../harness/measured.ts';

const run = promisify(execFile);
const supported = process.platform === 'linux' && process.arch === 'x64';
if (!supported) explainSkip('the setup of CUDA: there are libraries for linux x64 only');

const require = createRequire(import.meta.url);
const portico = join(dirname(require.resolve('@portico/server/package.json')), 'dist', 'cli', 'main.js');
const installed = dirname(createRequire(portico).resolve('onnxruntime-node/package.json'));
const { version } = require(join(installed, 'package.json')) as { version: string };

/** Real libraries, so that the loader has something to load. */
const libm = (): string => /\S+\/libm\.so\.6/.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0] ?? '';
const shared = 'libonnxruntime_providers_shared.so';
const cuda = 'libonnxruntime_providers_cuda.so';

let folder: string;
let nupkg: Uint8Array;
beforeAll(() => {
  if (!supported) return;
  folder = mkdtempSync(join(tmpdir(), 'portico-setup-cuda-'));
  const native = 'runtimes/linux-x64/native/';
  const library = readFileSync(libm());
  nupkg = zipOf({ [`${native}${shared}`]: library, [`${native}${cuda}`]: library, 'LICENSE.txt': Buffer.from('MIT') });
});
afterAll(() => {
  if (supported) rmSync(folder, { recursive: true });
});

/** An onnxruntime-node without anything that was put beside its library. */
function bareRuntime(): { runtime: string; place: string } {
  const runtime = mkdtempSync(join(folder, 'onnxruntime-node-'));
  for (const part of ['package.json', 'script'])
    cpSync(join(installed, part), join(runtime, part), { recursive: true });
  const place = join(runtime, 'bin', 'napi-v6', 'linux', 'x64');
  mkdirSync(place, { recursive: true });
  return { runtime, place };
}

/** Runs the setup; returns what it prints and its exit code. */
async function setUp(runtime: string, environment: NodeJS.ProcessEnv = {}, ...options: readonly string[]) {
  const env = { ...process.env, NO_PROXY: '127.0.0.1', MODEL_CACHE_DIR: join(folder, 'cache'), ...environment };
  return run(process.execPath, [portico, 'setup-cuda', '--runtime', runtime, ...options], { env }).then(
    ({ stdout }) => ({ code: 0, text: stdout }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, text: stdout + stderr }),
  );
}

/** A NuGet feed of version 3 with the package of this version, and the hash that it publishes. */
async function serveFeed(sha512: string | undefined): Promise<WeightsServer> {
  let attempts = 0;
  const server: WeightsServer = await serveWeights((response, request) => {
    const path = request.url ?? '';
    const json = (value: unknown) => send(Buffer.from(JSON.stringify(value)))(response, request);
    if (path === '/v3/index.json')
      return json({
        resources: [
          { '@type': 'PackageBaseAddress/3.0.0', '@id': `${server.url}/flat/` },
          { '@type': 'RegistrationsBaseUrl', '@id': `${server.url}/registrations/` },
        ],
      });
    if (path === `/registrations/microsoft.ml.onnxruntime.gpu.linux/${version}.json`)
      return json({ catalogEntry: `${server.url}/entry.json` });
    if (path === '/entry.json' && sha512 !== undefined)
      return json({ packageHash: sha512, packageHashAlgorithm: 'SHA512' });
    if (
      path !== `/flat/microsoft.ml.onnxruntime.gpu.linux/${version}/microsoft.ml.onnxruntime.gpu.linux.${version}.nupkg`
    )
      return refuse(404)(response, request);
    attempts += 1;
    const etag = { etag: '"nupkg"' };
    if (attempts === 1) return sendPart(nupkg, 5_000, 'cut', etag)(response, request);
    return request.headers.range === undefined
      ? send(nupkg, etag)(response, request)
      : sendRest(nupkg, etag)(response, request);
  });
  return server;
}

const sha512Of = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('base64');

it.skipIf(!supported)(
  'the package of the installed version comes from its feed, is resumed and verified, and leaves nothing else',
  async () => {
    await using server = await serveFeed(sha512Of(nupkg));
    const feed = `${server.url}/v3/index.json`;
    const { runtime, place } = bareRuntime();
    const { code, text } = await setUp(runtime, { PORTICO_CUDA_FEED: feed });
    expect(text).toContain('and the SHA-512 that its feed publishes');
    expect(text).toContain(
      'They need more to run: the loader does not find cuDNN 9 (libcudnn.so.9); the NVIDIA driver (libcuda.so.1)',
    );
    expect(code).toBe(0);
    expect(server.requests.some(({ headers }) => headers.range === 'bytes=5000-')).toBe(true);
    for (const file of [shared, cuda]) expect(readFileSync(join(place, file)).equals(readFileSync(libm()))).toBe(true);
    expect(JSON.parse(readFileSync(join(place, 'portico-cuda.json'), 'utf8'))).toMatchObject({ onnxruntime: version });

    const requests = server.requests.length;
    expect((await setUp(runtime, { PORTICO_CUDA_FEED: feed })).code).toBe(0);
    expect(server.requests).toHaveLength(requests);
  },
);

it.skipIf(!supported)(
  'a package with another hash than its feed publishes is refused, and nothing is put in place',
  async () => {
    await using server = await serveFeed(sha512Of(Buffer.from('another')));
    const feed = `${server.url}/v3/index.json`;
    const { runtime, place } = bareRuntime();
    const { code, text } = await setUp(runtime, { PORTICO_CUDA_FEED: feed });
    expect([code, text]).toEqual([1, expect.stringContaining('is not the file whose SHA-512 its feed publishes')]);
    expect(existsSync(join(place, cuda))).toBe(false);
  },
);

it.skipIf(!supported)('a package that was brought along needs no network; its checksum may be required', async () => {
  const path = join(folder, 'brought.nupkg');
  writeFileSync(path, nupkg);
  const sha256 = createHash('sha256').update(nupkg).digest('hex');
  const brought = { PORTICO_CUDA_PACKAGE: path, PORTICO_CUDA_FEED: 'http://127.0.0.1:9/' };
  const { runtime } = bareRuntime();
  const refused = await setUp(runtime, { ...brought, PORTICO_CUDA_SHA256: '0'.repeat(64) });
  expect([refused.code, refused.text]).toEqual([
    1,
    expect.stringContaining(`has sha256 ${sha256}, PORTICO_CUDA_SHA256 is 000`),
  ]);
  const { code, text } = await setUp(runtime, { ...brought, PORTICO_CUDA_SHA256: sha256 });
  expect([code, text]).toEqual([0, expect.stringContaining('as PORTICO_CUDA_SHA256 says')]);
  expect(existsSync(path)).toBe(true);
});

it.skipIf(!supported)(
  'what the loader does not find is named until it is there, one library after the other',
  async () => {
    const path = join(folder, 'brought.nupkg');
    writeFileSync(path, nupkg);
    const { runtime } = bareRuntime();
    const check = async (libraries: string) => setUp(runtime, { LD_LIBRARY_PATH: libraries }, '--check');
    expect(await check('')).toEqual({
      code: 1,
      text: `CUDA: ${shared} is not installed; "npm run setup:cuda" installs it (docs/gpu.md).\n`,
    });
    await setUp(runtime, { PORTICO_CUDA_PACKAGE: path });
    const libraries = join(folder, 'libraries');
    mkdirSync(libraries);
    expect(await check(libraries)).toEqual({
      code: 1,
      text: expect.stringContaining('cuDNN 9 (libcudnn.so.9)') as string,
    });
    symlinkSync(libm(), join(libraries, 'libcudnn.so.9'));
    const { text } = await check(libraries);
    expect(text).not.toContain('cuDNN');
    expect(text).toContain('the NVIDIA driver (libcuda.so.1)');
    symlinkSync(libm(), join(libraries, 'libcuda.so.1'));
    expect(await check(libraries)).toEqual({
      code: 0,
      text: expect.stringContaining('The loader finds everything that they need.') as string,
    });
  },
);
