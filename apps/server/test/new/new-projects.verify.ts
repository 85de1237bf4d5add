import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainSkip } from '../harness/measured.ts';
import { pythonEnvironment } from '../harness/python-environment.ts';
import { type Network, networks } from './networks.ts';
import { openWorkbench, type Service, type Workbench } from './workbench.ts';

const presets = ['image-classifier', 'detector', 'embedding', 'tabular', 'audio-classifier', 'raw'];

const environment = await pythonEnvironment(join(import.meta.dirname, '../presets/requirements.txt'));
if ('missing' in environment) explainSkip(`projects of published networks: ${environment.missing}`);

// Each makes a folder of its own.
describe.skipIf('missing' in environment)('a project that the command has made', { retry: 0 }, () => {
  if ('missing' in environment) return;
  let bench: Workbench;
  let files: readonly Network[];
  beforeAll(async () => {
    bench = await openWorkbench();
    await mkdir(join(bench.folder, 'networks'));
    files = await networks(join(bench.folder, 'networks'), environment.python);
  }, 600_000);
  afterAll(() => bench?.[Symbol.asyncDispose]());

  it.each(presets)('answers, documents itself, is formatted, linted, typed and tested: %s', async (preset) => {
    const own = files.filter((network) => network.preset === preset);
    expect(own.length).toBeGreaterThan(0);
    for (const network of own) await checkProject(network);
  });

  it('a second model is added to a project, which then serves both', async () => {
    const network = files.find(({ name }) => name === 'odd-names');
    if (network === undefined) throw new Error('There is no such network.');
    await mkdir(join(bench.folder, 'two'));
    await writeFile(join(bench.folder, 'two/network.onnx'), network.onnx);
    await bench.portico('two', 'new', 'doubles', 'network.onnx', '--preset', 'raw', '--yes');
    await bench.run(
      'two/doubles',
      'npx',
      'portico',
      'new',
      'doubles-too',
      '../network.onnx',
      '--preset',
      'raw',
      '--yes',
    );
    const service = await bench.start('two/doubles');
    try {
      const ready = (await (await fetch(`${service.url}/ready`)).json()) as { models: { name: string }[] };
      expect(ready.models.map(({ name }) => name)).toEqual(['doubles', 'doublesToo']);
      expect(await sampleOverRest(service, join(bench.folder, 'two/doubles'), 'doublesToo')).toBe(200);
    } finally {
      await service[Symbol.asyncDispose]();
    }
    await bench.run('two/doubles', 'npx', 'oxfmt', '--check', '.');
    await bench.run('two/doubles', 'npm', 'run', 'lint');
    expect(await bench.run('two/doubles', 'npm', 'test')).toContain('# pass 2');
  });

  async function checkProject(network: Network): Promise<void> {
    const place = `in-${network.name}`;
    const project = join(place, network.name);
    const task = network.name.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
    const service = await makeAndAsk(network, place);
    try {
      const get = async (path: string): Promise<unknown> => (await fetch(`${service.url}${path}`)).json();
      expect(await get('/health')).toEqual({ status: 'ok' });
      expect(await get('/ready')).toMatchObject({ status: 'ready', models: [{ name: task, variant: 'default' }] });
      expect(await get('/openapi.json')).toMatchObject({ openapi: '3.1.0', paths: { [`/${task}`]: { post: {} } } });
      expect(await get('/models')).toMatchObject({ models: [{ name: task }] });
      expect(await sampleOverRest(service, join(bench.folder, project), task)).toBe(200);
      expect(await sampleOverTrpc(service, join(bench.folder, project), task)).toMatchObject({
        result: { data: { json: expect.any(Object) } },
      });
    } finally {
      await service[Symbol.asyncDispose]();
    }
    await bench.run(project, 'npx', 'oxfmt', '--check', '.');
    await bench.run(project, 'npm', 'run', 'lint');
    await bench.run(project, process.execPath, bench.typescript59, '--noEmit');
    expect(await bench.run(project, 'npm', 'test')).toContain('# fail 0');
  }

  /** Makes a project in an empty folder by one command and starts it, until its client has an output. Prints how long that takes. */
  async function makeAndAsk({ preset, name, onnx, flags }: Network, place: string): Promise<Service> {
    const folder = join(bench.folder, place);
    await mkdir(folder);
    const file = join(folder, 'network.onnx');
    await (typeof onnx === 'string' ? copyFile(onnx, file) : writeFile(file, onnx));
    const startedAt = performance.now();
    const seconds = (): string => ((performance.now() - startedAt) / 1_000).toFixed(1);
    await bench.portico(place, 'new', name, 'network.onnx', '--yes', '--preset', preset, ...flags);
    const made = seconds();
    const project = join(place, name);
    const service = await bench.start(project);
    const ready = seconds();
    const output = await bench.run(project, 'env', `PORTICO_URL=${service.url}`, 'npm', 'run', '--silent', 'client');
    process.stdout.write(
      `${preset}, ${name}: made ${made} s, ready ${ready} s, answered ${seconds()} s\n${output.slice(0, 400)}\n`,
    );
    expect(output).toMatch(/^\{/);
    return service;
  }
});

/** Sends the project's sample as its README says; returns the status. */
async function sampleOverRest({ url }: Service, project: string, task: string): Promise<number> {
  const sample = await sampleOf(project, task);
  const data = await readFile(join(project, task, sample));
  const body = new FormData();
  body.append('file', new Blob([new Uint8Array(data)]), sample);
  const init = sample.endsWith('.json')
    ? { headers: { 'content-type': 'application/json' }, body: `{"input":${data.toString()}}` }
    : { body };
  const response = await fetch(`${url}/${task}`, { method: 'POST', ...init });
  await response.arrayBuffer();
  return response.status;
}

async function sampleOf(project: string, task: string): Promise<string> {
  const sample = (await readdir(join(project, task))).find((file) => file.startsWith('sample.'));
  if (sample === undefined) throw new Error(`There is no sample in ${project}/${task}.`);
  return sample;
}

/** Sends the project's sample over tRPC; resolves with the body of the response. */
async function sampleOverTrpc({ url }: Service, project: string, task: string): Promise<unknown> {
  const sample = await sampleOf(project, task);
  const data = await readFile(join(project, task, sample));
  const call = sample.endsWith('.json')
    ? { json: { input: JSON.parse(data.toString()) as unknown } }
    : {
        json: { file: { data: data.toString('base64') } },
        meta: { values: { 'file.data': [['custom', 'bytes']] }, v: 1 },
      };
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/trpc/${task}.infer`, {
    method: 'POST',
    headers,
    body: JSON.stringify(call),
  });
  return response.json();
}
