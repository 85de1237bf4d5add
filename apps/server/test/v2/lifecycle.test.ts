import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { metric } from '../harness/metric.ts';
import { eventually, startServer } from '../harness/server-process.ts';
import { loop } from '../onnx/models.ts';
import { inThrees, plus, sequence } from './support/files.ts';
import { infer } from './support/infer.ts';
import { repository } from './support/repository.ts';
import { serve } from './support/serve.ts';

const x = { name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] };
const trips = (count: number): object => ({ name: 'trips', datatype: 'INT64', shape: [], data: [count] });
const forEver = 1_000_000_000_000;

it('a file that cannot be served keeps the server from being ready where that is wanted, and says why', async () => {
  await using server = await serve({ 'plus.onnx': plus(1), 'lists.onnx': sequence() }, { STRICT_READINESS: 'on' });
  const said = await eventually(async () => {
    const response = await fetch(`${server.url}/ready`);
    const { detail } = (await response.json()) as { detail: string };
    return response.status === 503 && detail.includes('no tensor') ? detail : undefined;
  });
  expect(said).toContain('Model tensors/lists:1 is not ready: ');
  expect(said).toContain('The output "y" is sequence(float32) and no tensor');

  for (const path of ['/v2/health/ready', '/v2/models/lists/ready', '/v2/models/lists']) {
    expect([path, (await fetch(`${server.url}${path}`)).status]).toEqual([path, 503]);
  }
  const refused = await infer(server, 'lists', { inputs: [x] });
  expect([refused.status, refused.json.error]).toEqual([
    503,
    expect.stringMatching(/^Model tensors\/lists:1 is not ready/),
  ]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('x-error-code')).toBe('NOT_READY');

  // The other file is none the worse for it.
  await eventually(async () => ((await fetch(`${server.url}/v2/models/plus/ready`)).ok ? true : undefined));
  expect((await infer(server, 'plus', { inputs: [x] })).outputs[0]?.data).toEqual([2, 3]);
});

it('a file that cannot be served leaves the server ready for the others', async () => {
  await using server = await serve({ 'plus.onnx': plus(1), 'lists.onnx': sequence() });
  await server.ready();
  const { models } = (await (await fetch(`${server.url}/ready`)).json()) as {
    models: { name: string; progress?: { error: string | null } }[];
  };
  expect(models.map(({ name, progress }) => [name, progress?.error])).toEqual([
    ['lists', expect.stringContaining('no tensor')],
    ['plus', undefined],
  ]);
  expect((await fetch(`${server.url}/v2/health/ready`)).status).toBe(200);
  expect((await fetch(`${server.url}/v2/models/lists/ready`)).status).toBe(503);
  expect((await infer(server, 'plus', { inputs: [x] })).outputs[0]?.data).toEqual([2, 3]);
});

it('a server whose only file cannot be served is not ready', async () => {
  await using server = await serve({ 'lists.onnx': sequence() });
  await server.logged(({ level, msg }) => level === 'warn' && /load-failed/.test(String(msg)));
  const response = await fetch(`${server.url}/ready`);
  expect([response.status, await response.json()]).toEqual([
    503,
    expect.objectContaining({ detail: expect.stringContaining('no tensor') }),
  ]);
});

it('a file that refuses the warm-up is ready, and takes what suits it', async () => {
  await using server = await serve({ 'threes.onnx': inThrees() });
  await server.ready();
  const flat = (length: number): object => ({
    name: 'x',
    datatype: 'FP32',
    shape: [length],
    data: Array(length).fill(1),
  });
  const fits = await Promise.all([3, 6, 9].map((length) => infer(server, 'threes', { inputs: [flat(length)] })));
  expect(fits.map(({ outputs }) => outputs[0]?.shape)).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
  const misfit = await infer(server, 'threes', { inputs: [flat(4)] });
  expect([misfit.status, misfit.json.error]).toEqual([
    400,
    expect.stringMatching(/^The model cannot take these inputs: The input tensor cannot be reshaped/),
  ]);
});

it('a file may have the name of a task, and each is counted under its own', async () => {
  await using server = await serve({ 'loop.onnx': loop() }, { MODEL_NAME: 'loop' });
  await server.ready();
  expect((await infer(server, 'loop', { inputs: [trips(3)] })).outputs[0]?.data).toEqual([3]);
  expect(await metric(server, 'portico_requests_total', { model: 'tensors/loop:1', outcome: 'ok' })).toBe(1);
  expect(await metric(server, 'portico_requests_total', { model: 'loop' })).toBe(0);
});

it.each([
  ['the parameter timeout, in microseconds', { timeout: 300_000 }, {}],
  ['x-timeout-seconds', {}, { 'x-timeout-seconds': '0.3' }],
])('%s is a deadline', async (_what, parameters, headers) => {
  await using server = await serve({ 'loop.onnx': loop() });
  await server.ready();
  const startedAt = performance.now();
  const reply = await infer(server, 'loop', { inputs: [trips(forEver)], parameters }, { headers });
  expect([reply.status, reply.json.error]).toEqual([504, expect.any(String)]);
  expect(reply.headers.get('x-error-code')).toBe('TIMEOUT');
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

it("an invalid deadline is reported in the protocol's format", async () => {
  await using server = await serve({ 'plus.onnx': plus(1) });
  await server.ready();
  const reply = await infer(server, 'plus', { inputs: [x] }, { headers: { 'x-timeout-seconds': 'soon' } });
  expect([reply.status, reply.json]).toEqual([
    400,
    { error: 'x-timeout-seconds: expected a positive decimal number of seconds.' },
  ]);
  // The protocol knows no 422, but the error table does.
  expect(reply.headers.get('x-error-code')).toBe('INVALID_PARAMETERS');
});

it('keys are wanted, but for the probes', async () => {
  await using server = await serve({ 'plus.onnx': plus(1) }, { API_KEYS: 'secret' });
  await eventually(async () => ((await fetch(`${server.url}/v2/health/ready`)).ok ? true : undefined));
  expect((await fetch(`${server.url}/v2/health/live`)).status).toBe(200);
  const refused = await fetch(`${server.url}/v2/models/plus`);
  expect(refused.headers.get('x-error-code')).toBe('UNAUTHORIZED');
  expect([refused.status, await refused.json()]).toEqual([401, { error: expect.stringContaining('missing or wrong') }]);
  const headers = { authorization: 'Bearer secret' };
  expect((await infer(server, 'plus', { inputs: [x] }, { headers })).status).toBe(200);
});

it('a repository that is not there stops the start with a line that says so', async () => {
  await expect(startServer({ MODEL_REPOSITORY: '/no/such/folder' })).rejects.toThrow(
    'MODEL_REPOSITORY="/no/such/folder" is not allowed: /no/such/folder cannot be read (ENOENT); use a folder of <name>.onnx',
  );
});

it('a repository that is laid out wrongly stops the start with a line for each mistake', async () => {
  using folder = repository({ 'two words.onnx': plus(1), 'net/model.onnx': plus(1), 'other/1/renamed.onnx': plus(1) });
  const message: unknown = await startServer({ MODEL_REPOSITORY: folder.path }).catch(String);
  const lines = String(message)
    .split('\n')
    .filter((line) => line.includes('is not allowed: '));
  expect(lines).toHaveLength(3);
  expect(lines.filter((line) => line.includes('; use a folder of <name>.onnx'))).toHaveLength(1);
});

it('the log names what looks like a model and is not served', async () => {
  await using server = await serve({ 'net/1/model.onnx': plus(1), 'net/v0/model.onnx': plus(1), 'fast.ort': plus(1) });
  await server.ready();
  const texts = server.log.map(({ msg }) => String(msg)).filter((msg) => msg.startsWith('Not served: '));
  expect(texts.toSorted()).toEqual([
    'Not served: fast.ort is in the ORT format; use the ONNX file that it was made from.',
    'Not served: net/v0 is not a version, which is a whole number from 1, as in net/1.',
  ]);
});

it('a file that is replaced is served by all replicas or by none', async () => {
  using folder = repository({ 'plus.onnx': plus(1) });
  await using server = await startServer({ MODEL_NAME: '', MODEL_REPOSITORY: folder.path, REPLICAS: '2' });
  const replicas = async (): Promise<number> => {
    const { models } = (await (await fetch(`${server.url}/ready`)).json()) as {
      models: { replicas: { ready: number } }[];
    };
    return models[0]?.replicas.ready ?? 0;
  };
  const sums = async (): Promise<unknown> => (await infer(server, 'plus', { inputs: [x] })).outputs[0]?.data;
  await eventually(async () => ((await replicas()) === 2 ? true : undefined));
  writeFileSync(join(folder.path, 'plus.onnx'), plus(5));

  const [first = 0] = await server.engines();
  process.kill(first, 'SIGKILL');
  await server.logged(({ level, msg }) => level === 'warn' && /load-failed.*expected/.test(String(msg)));
  expect(await Promise.all(Array.from({ length: 10 }, sums))).toEqual(Array.from({ length: 10 }, () => [2, 3]));
  expect(await replicas()).toBe(1);

  for (const pid of await server.engines()) process.kill(pid, 'SIGKILL');
  await server.logged(({ level, msg }) => level === 'warn' && /have been replaced.*from now on/.test(String(msg)));
  await eventually(async () => (String(await sums()) === '6,7' ? true : undefined));
});
