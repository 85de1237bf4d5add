import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Responder, refuse, send, serveWeights } from '@portico/server/internal/weights/testing/weights-server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NotReady } from '@portico/schemas';
import { storedWeights } from '../fixtures/tasks.ts';
import { ask } from '../harness/ask.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';

const { bytes, path } = storedWeights;
const sha256 = createHash('sha256').update(bytes).digest('hex');

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'portico-downloads-'));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const start = (variant: string, environment: NodeJS.ProcessEnv): Promise<ServerProcess> =>
  startServer({ MODEL_NAME: `loading:${variant}`, MODEL_CACHE_DIR: cache, NO_PROXY: '127.0.0.1', ...environment });

/** Waits until `/ready` gives such a reason with 503. */
const notReady = ({ url }: ServerProcess, reason: RegExp): Promise<NotReady> =>
  eventually(async () => {
    const response = await fetch(`${url}/ready`);
    if (response.status !== 503) return undefined;
    const status = NotReady.parse(await response.json());
    return reason.test(status.detail) ? status : undefined;
  });

const refusal = async (server: ServerProcess, reason: RegExp): Promise<string> =>
  (await notReady(server, reason)).detail;

const weightsOf = async ({ url }: ServerProcess): Promise<unknown> => {
  const { models } = (await (await fetch(`${url}/models`)).json()) as { models: { weights: unknown }[] };
  return models[0]?.weights;
};

/** Four parts with a pause before each of the last three. */
const slowly: Responder = (response) => {
  response.writeHead(200, { 'content-length': String(bytes.byteLength) });
  const quarter = Math.ceil(bytes.byteLength / 4);
  const sendFrom = (start: number): void => {
    response.write(bytes.subarray(start, start + quarter));
    if (start + quarter >= bytes.byteLength) response.end();
    else setTimeout(sendFrom, 1_100, start + quarter);
  };
  sendFrom(0);
};

it('a server that downloads its weights says how far it is, then serves, and needs the network only once', async () => {
  const weights = await serveWeights(slowly);
  const source = `${weights.url}/${path}`;
  {
    await using server = await start('fetched', { FIXTURE_WEIGHTS_URL: source });
    expect(await refusal(server, /downloading/)).toMatch(
      /^Model loading is not ready: downloading doubling\.onnx: \d\.\d kB of \d\.\d kB \(\d+ %\)\.$/,
    );
    const { models } = await notReady(server, /downloading doubling\.onnx: .+ \(([2-9]\d|100) %\), about \d+ s left/);
    expect(models[0]?.progress).toMatchObject({
      stage: 'downloading',
      detail: expect.stringMatching(/^downloading doubling\.onnx: /) as string,
      remainingSeconds: expect.any(Number) as number,
      file: { name: path, number: 1, count: 1, totalBytes: bytes.byteLength },
      error: null,
    });
    expect((await ask(server, 'loading', { value: 2 })).body['code']).toBe('NOT_READY');
    await server.ready();
    expect(await (await fetch(`${server.url}/ready`)).json()).not.toHaveProperty('models.0.progress');
    expect((await ask(server, 'loading', { value: 2 })).body).toEqual({ double: 4 });
    expect(await weightsOf(server)).toEqual([{ name: 'net', source, sha256 }]);
    expect(await metric(server, 'portico_weights_download_bytes_total')).toBe(bytes.byteLength);
    expect(await metric(server, 'portico_weights_download_seconds_total')).toBeGreaterThan(3);
    const said = server.log.filter(({ msg }) => String(msg).includes('downloading'));
    expect(said.length).toBeGreaterThan(1);
    expect(said.every(({ level }) => level === 'info')).toBe(true);
    expect(said.at(-1)).toMatchObject({
      model: 'loading',
      stage: 'downloading',
      file: path,
      bytes: expect.any(Number) as number,
      totalBytes: bytes.byteLength,
    });
  }
  await weights[Symbol.asyncDispose]();
  await using again = await start('fetched', { FIXTURE_WEIGHTS_URL: source });
  await again.ready();
  expect((await ask(again, 'loading', { value: 3 })).body).toEqual({ double: 6 });
  expect(await metric(again, 'portico_weights_download_bytes_total')).toBe(0);
});

it('a URL of the environment gives weights of any bytes, keeps its secrets, and is asked once for all engines', async () => {
  const weights = await serveWeights(send(bytes));
  const secret = `${weights.url.replace('//', '//user:passphrase@')}/folder/?token=letmein`;
  await using server = await start('configured', { FIXTURE_WEIGHTS: secret });
  await server.ready();
  expect(weights.requests.map(({ path }) => path)).toEqual([`/folder/${path}?token=letmein`]);
  const listed = await weightsOf(server);
  expect(listed).toEqual([{ name: 'net', source: `${weights.url}/folder/${path}?…`, sha256 }]);
  await server.logged(({ msg }) => String(msg).includes(`has sha256 ${sha256}`));

  await weights[Symbol.asyncDispose]();
  const [engine = 0] = await server.engines();
  process.kill(engine, 'SIGKILL');
  await eventually(async () => {
    const [successor] = await server.engines();
    return successor !== undefined && successor !== engine ? successor : undefined;
  });
  await eventually(async () => ((await ask(server, 'loading', { value: 2 })).status === 200 ? true : undefined));
  expect(JSON.stringify([server.log, listed])).not.toMatch(/passphrase|letmein/);
});

it('a wrong URL is reported, requested ever less often, and used as soon as it is right', async () => {
  let there = false;
  await using weights = await serveWeights((response, request) =>
    there ? send(bytes)(response, request) : refuse(404)(response, request),
  );
  await using server = await start('fetched', { FIXTURE_WEIGHTS_URL: `${weights.url}/${path}?token=letmein` });
  const detail = await refusal(server, /404/);
  expect(detail).toContain(`${weights.url}/${path}?… cannot be downloaded: 404`);
  expect(detail).not.toContain('letmein');
  await sleep(5_000);
  expect(weights.requests.length).toBeGreaterThan(3);
  expect(weights.requests.length).toBeLessThan(9);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);

  there = true;
  await server.ready();
  expect((await ask(server, 'loading', { value: 2 })).body).toEqual({ double: 4 });
});
