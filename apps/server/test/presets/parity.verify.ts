import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainSkip } from '../harness/measured.ts';
import { pythonEnvironment } from '../harness/python-environment.ts';

const execute = promisify(execFile);
const commandTimeoutMs = 120_000;
const preparationMs = 300_000;

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const portico = join(repository, 'packages/server/dist/cli/main.js');
const tinyBert = join(repository, 'models/embed/testing/tiny-bert');
const astronaut = join(repository, 'samples/astronaut.png');

const environment = await pythonEnvironment(join(import.meta.dirname, 'requirements.txt'));
const missing = 'missing' in environment ? environment.missing : undefined;
if (missing !== undefined) explainSkip(missing);

/** Runs a model on one file as an engine does: project, task, path of the input, its media type or none for JSON, parameters. */
const runner = `
import { readFile } from 'node:fs/promises';
import { loadModel } from '@portico/server/testing';
const [task, input, mediaType, params] = process.argv.slice(2);
const { default: model } = await import(\`./\${task}/model.ts\`);
const registered = (await import(\`./\${task}/index.ts\`))[\`\${task}Model\`];
const contract = registered.task;
const content = await readFile(input);
const given = mediaType === '' ? { input: contract.accepts.schema.parse(JSON.parse(content)) } : { file: { data: content, mediaType } };
const loaded = await loadModel({ model, registered });
const [output] = await loaded.run([{ ...given, params: contract.params.parse(JSON.parse(params)) }]);
console.log(JSON.stringify(contract.output.parse(output)));
process.exit();
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-parity-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = async (command: string, words: readonly string[], cwd = folder): Promise<string> => {
  const { stdout } = await execute(command, words, { cwd, timeout: commandTimeoutMs, maxBuffer: 2 ** 26 });
  return stdout;
};

const python = async (...words: readonly string[]): Promise<string> => {
  if (!('python' in environment)) throw new Error('There is no Python.');
  return run(environment.python, ['-W', 'ignore', join(import.meta.dirname, 'parity.py'), ...words]);
};

const expected = async <Output>(name: string, input: string): Promise<Output> =>
  JSON.parse(await python('outputs', name, input)) as Output;

interface Wrapped {
  readonly folder: string;
  output<Output>(input: string, mediaType: string, params?: object): Promise<Output>;
}

/** What the command makes of an ONNX file, without a hand on it, with this repository's packages. */
async function wrap(task: string, onnx: string, ...flags: readonly string[]): Promise<Wrapped> {
  await run(process.execPath, [portico, 'new', task, onnx, '--no-install', '--standalone', '--yes', ...flags]);
  const project = join(folder, task);
  await mkdir(join(project, 'node_modules/@portico'), { recursive: true });
  for (const name of ['media', 'schemas', 'server'])
    await symlink(join(repository, 'packages', name), join(project, 'node_modules/@portico', name));
  await symlink(join(repository, 'packages/server/node_modules/zod'), join(project, 'node_modules/zod'));
  await symlink(join(repository, 'node_modules/tsx'), join(project, 'node_modules/tsx'));
  await writeFile(join(project, 'run.mjs'), runner);
  return {
    folder: join(project, task),
    output: async <Output>(input: string, mediaType: string, params: object = {}): Promise<Output> =>
      JSON.parse(
        await run(
          process.execPath,
          ['--import', 'tsx', 'run.mjs', task, input, mediaType, JSON.stringify(params)],
          project,
        ),
      ) as Output,
  };
}

interface Prediction {
  readonly label: string;
  readonly probabilities: readonly number[];
}

interface Labels {
  readonly labels: readonly { readonly label: string; readonly score: number }[];
}

describe.skipIf(missing !== undefined)('A model that the command has wrapped says what Python says', () => {
  it(
    'of a picture and its classes',
    async () => {
      const onnx = (await python('network', 'open_nsfw', folder)).trim();
      const flags = ['--labels', 'sfw,nsfw', '--mean', '104,117,123', '--channels', 'bgr', '--resize', '256'];
      const nsfw = await wrap('nsfw', onnx, '--preset', 'image-classifier', ...flags);
      const { labels } = await nsfw.output<Labels>(astronaut, 'image/png');
      const [sfw, unsafe] = await expected<[number, number]>('open_nsfw', astronaut);
      // The libraries scale with other roundings.
      expect(labels).toEqual([
        { label: 'sfw', score: expect.closeTo(sfw, 2) as number },
        { label: 'nsfw', score: expect.closeTo(unsafe, 2) as number },
      ]);
    },
    preparationMs,
  );

  it(
    'of a picture and the objects in it',
    async () => {
      const onnx = (await python('network', 'nudenet', folder)).trim();
      // The package takes the channels for another order than they have.
      const nude = await wrap('nude', onnx, '--fit', 'top-left', '--pad', '0', '--channels', 'bgr');
      interface Found {
        readonly label: string;
        readonly score: number;
        readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
      }
      const { objects } = await nude.output<{ objects: Found[] }>(astronaut, 'image/png', { minScore: 0.6 });
      interface Theirs {
        readonly label: string;
        readonly score: number;
        readonly box: readonly number[];
      }
      const theirs = await expected<Theirs[]>('nudenet', astronaut);
      expect(objects.map(({ label }) => label)).toEqual(theirs.map(({ label }) => label));
      for (const [at, { score, box }] of objects.entries()) {
        expect(score).toBeCloseTo(theirs[at]?.score ?? NaN, 1);
        // Theirs are cut to whole pixels.
        const far = [box.x, box.y, box.width, box.height].map((side, axis) =>
          Math.abs(side - (theirs[at]?.box[axis] ?? NaN)),
        );
        expect(Math.max(...far)).toBeLessThan(2);
      }
    },
    preparationMs,
  );

  it(
    'of a recording, window by window',
    async () => {
      const onnx = (await python('network', 'basic_pitch', folder)).trim();
      const flags = ['--sample-rate', '22050', '--output', 'StatefulPartitionedCall:1', '--pool', 'max'];
      const pitch = await wrap('pitch', onnx, '--preset', 'audio-classifier', ...flags);
      const recording = join(pitch.folder, 'sample.wav');
      const { labels } = await pitch.output<Labels>(recording, 'audio/wav', { top: 88 });
      const theirs = await expected<number[]>('basic_pitch', recording);
      const scores = theirs.map((_, at) => labels.find(({ label }) => label === `class ${at}`)?.score ?? NaN);
      expect(farthest(scores, theirs)).toBeLessThan(1e-4);
    },
    preparationMs,
  );

  it(
    'of rows of numbers and texts, of which some are missing',
    async () => {
      const onnx = (await python('network', 'passengers', folder)).trim();
      const passengers = await wrap('passengers', onnx, '--preset', 'tabular');
      const input = join(folder, 'rows.json');
      const rows = [
        { age: 29, fare: 211.3, sex: 'female' },
        { age: null, fare: 7.25, sex: 'male' },
        { age: 2, fare: 21, sex: 'male' },
        { age: 60, fare: 80, sex: 'unheard of' },
      ];
      await writeFile(input, JSON.stringify({ rows }));
      const { rows: found } = await passengers.output<{ rows: Prediction[] }>(input, '');
      const theirs = await expected<Prediction[]>('passengers', input);
      expect(found.map(({ label }) => label)).toEqual(theirs.map(({ label }) => label));
      for (const [at, { probabilities }] of found.entries())
        expect(farthest(probabilities, theirs[at]?.probabilities ?? [])).toBeLessThan(1e-5);
    },
    preparationMs,
  );

  it.each([
    ['one_hot_columns', ['age', 'port', 'deck']],
    ['ordinal_columns', ['age', 'port', 'deck']],
    ['one_hot_matrix', ['port', 'deck']],
    ['ordinal_matrix', ['port', 'deck']],
  ])(
    'of rows with texts that an encoder was trained with, and refuses others: %s',
    async (name, columns) => {
      const onnx = (await python('network', name, folder)).trim();
      const flags = name.endsWith('matrix') ? ['--columns', columns.join(',')] : [];
      const task = name.replaceAll('_', '');
      const wrapped = await wrap(task, onnx, '--preset', 'tabular', ...flags);
      const attempt = (input: string): Promise<string> =>
        run(process.execPath, [portico, 'try', task, input], join(wrapped.folder, '..'));
      const sample = JSON.parse(await readFile(join(wrapped.folder, 'sample.json'), 'utf8')) as { rows: object[] };
      const rows = [
        ...sample.rows,
        ...[
          { age: 3, port: 'Ü ${x}', deck: 'B' },
          { age: 60, port: 'Queens"town', deck: 'C' },
        ].map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => columns.includes(column)))),
      ];
      const input = join(folder, `${task}.json`);
      await writeFile(input, JSON.stringify({ rows }));
      const { rows: found } = JSON.parse(await attempt(input)) as { rows: Prediction[] };
      const theirs = await expected<Prediction[]>(name, input);
      expect(found.map(({ label }) => label)).toEqual(theirs.map(({ label }) => label));
      for (const [at, { probabilities }] of found.entries())
        expect(farthest(probabilities, theirs[at]?.probabilities ?? [])).toBeLessThan(1e-5);
      await writeFile(input, JSON.stringify({ rows: [{ ...rows[0], port: 'Nowhere' }] }));
      await expect(attempt(input)).rejects.toThrow(/rows\.0\.port: Invalid option: expected one of "Cherbourg"/);
    },
    preparationMs,
  );
});

it(
  'texts have the vectors that torch and transformers make of them',
  async () => {
    const tiny = await wrap('tiny', join(tinyBert, 'model.onnx'), '--preset', 'embedding');
    const theirs = JSON.parse(await readFile(join(tinyBert, 'expected.json'), 'utf8')) as {
      readonly text: string;
      readonly normalized: readonly number[];
    }[];
    const input = join(folder, 'texts.json');
    await writeFile(input, JSON.stringify({ texts: theirs.map(({ text }) => text) }));
    const { embeddings } = await tiny.output<{ embeddings: number[][] }>(input, '');
    for (const [at, vector] of embeddings.entries())
      expect(farthest(vector, theirs[at]?.normalized ?? [])).toBeLessThan(1e-5);
  },
  preparationMs,
);

/** NaN where there are not as many. */
const farthest = (one: readonly number[], other: readonly number[]): number =>
  one.length === other.length ? Math.max(...one.map((value, at) => Math.abs(value - (other[at] ?? NaN)))) : NaN;
