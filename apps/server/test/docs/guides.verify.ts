import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { form, postJson } from '../doors/support/asking.ts';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { initializer, node, onnxFile } from '../onnx/onnx.ts';

const root = join(import.meta.dirname, '../../../..');
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const speech = readFileSync(join(root, 'samples/speech.flac'));

/** The programs of these pages make one service. */
const pages = ['streams', 'batching', 'add-a-protocol'];
const models = `
import { registerModel } from '@portico/server';
import { irisModel } from './iris/index.ts';
import { levels } from './levels/contract.ts';

const implementation = new URL('./levels/model.js', import.meta.url);
export const models = [irisModel, registerModel({ task: levels, implementation, variants: { only: { weights: {} } } })];
`;
const configuration = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    rewriteRelativeImportExtensions: true,
    outDir: 'dist',
    rootDir: '.',
  },
  include: ['main.ts', 'levels', 'iris'],
};

describe('the programs of the guides to streaming, batching and protocols', () => {
  let folder: string;
  let server: ServerProcess;

  beforeAll(async () => {
    // Inside this package, so that its dependencies are found.
    folder = mkdtempSync(join(import.meta.dirname, 'guides-'));
    for (const page of pages) for (const [path, code] of programs(page)) write(path, code);
    write('package.json', '{ "type": "module" }');
    write('tsconfig.json', JSON.stringify(configuration));
    write('models.ts', models);
    write('iris/weights/iris.onnx', largestOfThree());
    execFileSync(process.execPath, [join(typescript, 'bin/tsc'), '-p', folder], { encoding: 'utf8' });
    server = await startServer({}, [], join(folder, 'dist/main.js'));
    await server.ready();
  }, 120_000);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };

  it('stream an item for each second, and end with all of them', async () => {
    const response = await fetch(`${server.url}/levels`, {
      method: 'POST',
      body: new Uint8Array(speech),
      headers: { 'content-type': 'audio/flac', accept: 'text/event-stream' },
    });
    const events = (await response.text()).trim().split('\n\n');
    const data = events.map((event) => JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '') as unknown);
    expect(events.map((event) => /^event: (.*)$/m.exec(event)?.[1])).toEqual([...Array(7).fill('item'), 'result']);
    expect(data.at(-1)).toEqual({ durationSeconds: expect.closeTo(6.419, 2), levels: data.slice(0, -1) });
    expect(data[1]).toEqual({ second: 1, loudness: expect.any(Number) });
  });

  it('run rows of several clients together', async () => {
    const ask = async (measurements: number[]): Promise<unknown> =>
      (await postJson(`${server.url}/iris`, { input: { measurements } })).json();
    expect(await ask([1, 9, 2, 0])).toEqual({ species: 'versicolor', rowsInRun: 1 });
    const rows = Array.from({ length: 64 }, (_, index) => [0, 1, 2].map((at) => (at === index % 3 ? 1 : 0)));
    const answers = (await Promise.all(rows.map((row) => ask([...row, 0])))) as { species: string }[];
    expect(answers.map(({ species }) => species)).toEqual(
      rows.map((_, index) => ['setosa', 'versicolor', 'virginica'][index % 3]),
    );
    const { models } = (await (await fetch(`${server.url}/models`)).json()) as {
      models: { name: string; maxBatch: number }[];
    };
    expect(models.find(({ name }) => name === 'iris')?.maxBatch).toBeGreaterThanOrEqual(1);
  });

  it('add a protocol, whose outputs and failures have its own format', async () => {
    const predict = async (task: string, body: BodyInit, headers = {}): Promise<[number, unknown]> => {
      const response = await fetch(`${server.url}/predictions/${task}`, { method: 'POST', body, headers });
      return [response.status, await response.json()];
    };
    expect(await predict('levels', form(speech, { type: 'audio/flac' }))).toEqual([
      200,
      { status: 'succeeded', output: expect.objectContaining({ durationSeconds: expect.closeTo(6.419, 2) }) },
    ]);
    expect(await predict('levels', form(new Uint8Array(), { type: 'audio/flac' }))).toEqual([
      400,
      { status: 'failed', error: 'The upload is empty.' },
    ]);
    const json = { 'content-type': 'application/json' };
    expect(await predict('iris', '{"input":{"measurements":[1,2]}}', json)).toEqual([
      422,
      { status: 'failed', error: expect.stringContaining('measurements') },
    ]);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^portico_requests_total\{[^}]*model="levels"[^}]*outcome="BAD_INPUT"[^}]*\} 1$/m);
    expect(metrics).toMatch(/^portico_upload_bytes 0$/m);
  });
});

/** The programs of a page whose first line names their file. */
function programs(page: string): [path: string, code: string][] {
  const text = readFileSync(join(root, 'docs', `${page}.md`), 'utf8');
  return [...text.matchAll(/^```ts\n\/\/ (\S+\.ts)\n(.*?)^```/gms)].map(([, path = '', code = '']) => [path, code]);
}

/** A file with the tensors of the guide's network, whose probabilities are the first three of the four measurements. */
const largestOfThree = (): Uint8Array =>
  onnxFile({
    nodes: [node('MatMul', ['measurements', 'weights'], ['probabilities'])],
    initializers: [initializer('weights', [4, 3], Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0))],
    inputs: [{ name: 'measurements', type: 'float32', shape: ['rows', 4] }],
    outputs: [{ name: 'probabilities', type: 'float32', shape: ['rows', 3] }],
  });
