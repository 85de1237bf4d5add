import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { doubling } from '../../../../../apps/server/test/onnx/models.ts';
import {
  externalTensor,
  integerAttribute,
  listAttribute,
  node,
  onnxFile,
} from '../../../../../apps/server/test/onnx/onnx.ts';
import { CommandError } from '../command.ts';
import type { FlagValues } from './choices.ts';
import { makeService } from './make-service.ts';

let folder: string;
let said = '';
beforeAll(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-make-'));
  said = '';
  await writeFile(join(folder, 'net.onnx'), doubling());
});
afterEach(() => rm(folder, { recursive: true }));
afterAll(() => vi.restoreAllMocks());

const make = async (name: string, flags: FlagValues = {}, from = folder, path = join(folder, 'net.onnx')) => {
  await makeService({ name, path, from, flags: { preset: 'raw', yes: true, 'no-install': true, ...flags } });
};
const text = (...path: string[]): Promise<string> => readFile(join(folder, ...path), 'utf8');
const refusal = async (making: Promise<void>): Promise<string> => {
  const error = await making.then(
    () => new Error('It was made.'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CommandError);
  return (error as Error).message;
};

it('a project has everything from contract to manifest, and says what to do next', async () => {
  await make('twice');
  expect((await readdir(join(folder, 'twice'))).sort()).toEqual([
    '.dockerignore',
    '.gitignore',
    '.oxfmtrc.json',
    '.oxlintrc.json',
    'CLAUDE.md',
    'Dockerfile',
    'README.md',
    'client.ts',
    'kubernetes.yaml',
    'main.ts',
    'models.ts',
    'package.json',
    'tsconfig.json',
    'twice',
  ]);
  expect((await readdir(join(folder, 'twice/twice'), { recursive: true })).sort()).toEqual([
    'contract.ts',
    'index.ts',
    'model.test.ts',
    'model.ts',
    'sample.json',
    'signature.ts',
    'weights',
    'weights/net.onnx',
  ]);
  const manifest = JSON.parse(await text('twice/package.json')) as Record<string, unknown>;
  expect(manifest).toMatchObject({ name: 'twice', type: 'module', allowScripts: { 'onnxruntime-node': false } });
  expect(said).toMatch(
    /^The service twice is made of net\.onnx: POST \/twice, preset raw\.\nNext:\n {2}cd twice\n {2}npm install\n/,
  );
});

it('nothing in a project names the folder in which it was made', async () => {
  await make('twice');
  const entries = await readdir(join(folder, 'twice'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  expect(texts.filter((content) => content.includes(folder))).toEqual([]);
});

it('a model is added to a project: its folder, its line in the list, a client of its own', async () => {
  await make('twice');
  await make('again-twice', {}, join(folder, 'twice/twice'));
  expect(await text('twice/models.ts')).toContain("import { againTwiceModel } from './againTwice/index.ts';");
  expect(await text('twice/models.ts')).toContain('export const models = [twiceModel, againTwiceModel];');
  expect(await text('twice/againTwice/client.ts')).toContain("from './contract.ts'");
  expect(await text('twice/againTwice/index.ts')).toContain('"againTwice/weights/net.onnx"');
  expect(await refusal(make('twice', {}, join(folder, 'twice')))).toMatch(/exists already.*--task/);
});

it('a dependency that a model needs is added, and told where npm does not install it', async () => {
  await make('twice');
  const manifest = JSON.parse(await text('twice/package.json')) as { dependencies: Record<string, string> };
  await writeFile(join(folder, 'twice/package.json'), JSON.stringify({ ...manifest, dependencies: {} }));
  await writeFile(join(folder, 'twice/pnpm-lock.yaml'), '');
  const sound = {
    inputs: [{ name: 'x', type: 'float32', shape: [1, 16_000] }],
    nodes: [node('Add', ['x', 'x'], ['y'])],
  } as const;
  const outputs = [{ name: 'y', type: 'float32', shape: [1, 16_000] }] as const;
  await writeFile(join(folder, 'net.onnx'), onnxFile({ ...sound, outputs }));
  said = '';
  await make(
    'sounds',
    { preset: 'audio-classifier', 'sample-rate': '16000', 'no-install': undefined },
    join(folder, 'twice'),
  );
  expect(await text('twice/package.json')).toMatch(/"@portico\/media": "\^\d/);
  expect(said).toContain('package.json has a new dependency: run "pnpm install".');
});

it('the row of a table that a user gives is that of the warm-up too; an invented text is mentioned at the end', async () => {
  const column = (name: string, type: 'float32' | 'string') => ({ name, type, shape: ['n', 1] }) as const;
  const graph = {
    nodes: [node('Add', ['fare', 'fare'], ['y']), node('Identity', ['sex'], ['label'])],
    inputs: [column('fare', 'float32'), column('sex', 'string')],
    outputs: [column('y', 'float32'), column('label', 'string')],
  };
  await writeFile(join(folder, 'net.onnx'), onnxFile(graph));
  await make('invented', { preset: 'tabular' });
  expect(said).toMatch(/invented text, because the graph tells none.*--sample row\.json/);
  await writeFile(join(folder, 'row.json'), '{ "rows": [{ "fare": 60, "sex": "female" }] }');
  await make('given', { preset: 'tabular', sample: 'row.json' });
  expect(await text('given/given/model.ts')).toContain('input: { rows: [{ fare: 60, sex: "female" }] }');
  await writeFile(join(folder, 'row.json'), '[]');
  expect(await refusal(make('wrong', { preset: 'tabular', sample: 'row.json' }))).toMatch(
    /--sample: row\.json has no rows/,
  );
});

it('a table whose encoder refuses other texts needs no row of a user, and refuses one that the encoder would', async () => {
  const column = (name: string) => ({ name, type: 'string', shape: ['n', 1] }) as const;
  const categories = [listAttribute('cats_strings', ['female', 'male']), integerAttribute('zeros', 0)];
  const graph = {
    nodes: [node('OneHotEncoder', ['sex'], ['y'], categories, 'ai.onnx.ml'), node('Identity', ['sex'], ['label'])],
    inputs: [column('sex')],
    outputs: [{ name: 'y', type: 'float32', shape: ['n', 2] }, column('label')],
  } as const;
  await writeFile(join(folder, 'net.onnx'), onnxFile(graph));
  await make('known', { preset: 'tabular' });
  expect(said).not.toContain('invented');
  expect(JSON.parse(await text('known/known/sample.json'))).toEqual({ rows: [{ column1: 'female' }] });
  expect(await text('known/known/model.ts')).toContain('[{ column1: "female" }] satisfies KnownRow[]');
  expect(await text('known/README.md')).toContain('Of column1 the network knows only');
  await writeFile(join(folder, 'row.json'), '{ "rows": [{ "column1": "other" }] }');
  expect(await refusal(make('wrong', { preset: 'tabular', sample: 'row.json' }))).toBe(
    '--sample: "other" is no value of "column1" that the network knows: "female", "male".',
  );
});

it('a list that looks otherwise is left alone, and a line says what belongs into it', async () => {
  await make('twice');
  const own = 'export const models = makeList();\n';
  await writeFile(join(folder, 'twice/models.ts'), own);
  await make('more', {}, join(folder, 'twice'));
  expect(await text('twice/models.ts')).toBe(own);
  expect(said).toContain("import { moreModel } from './more/index.ts' and put moreModel into the list");
});

it('inside of a project, a project of its own is made if one asks for it', async () => {
  await make('twice');
  await make('apart', { standalone: true }, join(folder, 'twice'));
  expect(await text('twice/apart/package.json')).toContain('"name": "apart"');
  expect(await text('twice/models.ts')).not.toContain('apart');
});

it('where contracts are a package of their own, the contract goes there and both lists name it', async () => {
  const write = async (path: string, content: string): Promise<void> => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  await write('package.json', '{ "portico": { "models": "./models/index.ts" } }');
  await write('models/package.json', '{ "dependencies": {} }');
  await write('models/index.ts', "import { a } from './a/index.ts';\n\nexport const models = [a] as const;\n");
  await write('packages/schemas/src/index.ts', "export * from './tasks/index.ts';\n");
  await write('packages/schemas/src/define-task.ts', 'export function defineTask() {}\nexport type Output = 1;\n');
  await write('packages/schemas/src/media.ts', 'export const json = () => 1;\n');
  await write(
    'packages/schemas/src/tensor-values.ts',
    'export function tensorInput() {}\nexport function tensorOutput() {}\n',
  );
  await write('packages/schemas/src/tasks/index.ts', 'export const tasks = {\n  /** It. */\n  a,\n};\n');
  await make('twice');
  const contract = await text('packages/schemas/src/tasks/twice.ts');
  expect(contract).toContain("import { defineTask, type Output } from '../define-task.ts';");
  expect(contract).toContain("import { tensorInput, tensorOutput } from '../tensor-values.ts';");
  expect(await text('packages/schemas/src/tasks/index.ts')).toContain('  a,\n  twice,\n};');
  expect(await text('packages/schemas/src/index.ts')).toContain("export * from './tasks/twice.ts';");
  expect(await text('models/index.ts')).toContain('export const models = [a, twiceModel] as const;');
  expect(await text('models/twice/model.ts')).toContain("import { twice } from '@portico/schemas';");
  expect(await text('models/twice/model.test.ts')).toContain("import { test } from 'vitest';");
  expect(await refusal(make('index'))).toMatch(/tasks\/index\.ts exists already.*--task/);
});

it('weights beside the file come along under the names that the graph has for them', async () => {
  const graph = {
    nodes: [node('Add', ['x', 'w'], ['y'])],
    initializers: [externalTensor('w', [4], 'net.onnx.data')],
    inputs: [{ name: 'x', type: 'float32', shape: [4] }],
    outputs: [{ name: 'y', type: 'float32', shape: [4] }],
  } as const;
  await writeFile(join(folder, 'net.onnx'), onnxFile(graph));
  await writeFile(join(folder, 'net.onnx.data'), new Float32Array(4));
  await make('sums');
  expect(await readdir(join(folder, 'sums/sums/weights'))).toEqual(['net.onnx', 'net.onnx.data']);
  expect(await text('sums/sums/index.ts')).toMatch(
    /networkData: localFile\("sums\/weights\/net\.onnx\.data", "[0-9a-f]{64}"\)/,
  );

  await writeFile(join(folder, 'a b'), new Float32Array(4));
  const elsewhere = { ...graph, initializers: [externalTensor('w', [4], 'a b')] };
  await writeFile(join(folder, 'net.onnx'), onnxFile(elsewhere));
  expect(await refusal(make('elsewhere'))).toMatch(
    /names "a b" as the file of its weights.*location="model.onnx.data"/,
  );
  await writeFile(join(folder, 'net.onnx'), onnxFile({ ...graph, initializers: [externalTensor('w', [4], '../x')] }));
  expect(await refusal(make('elsewhere'))).toMatch(/\.\.\/x/);
});

it.each([
  ['a folder that is not empty', () => make('.'), /cannot be the name|not empty/],
  ['a file of that name', () => make('net.onnx', {}, folder, join(folder, 'net.onnx')), /cannot be the name|is a file/],
  ['a name that is none', () => make('Mine & yours'), /cannot be the name of a project.*digits/],
  ['the name of a route', () => make('metrics'), /No task can be called "metrics".*--task/],
  ['an unknown preset', () => make('mine', { preset: 'telepathy' }), /no preset "telepathy".*raw/],
  ['a file that is not there', () => make('mine', {}, folder, join(folder, 'none.onnx')), /none\.onnx does not exist/],
  ['a sample that is not there', () => make('mine', { sample: 'none.json' }), /--sample: .*none\.json/],
])('%s is refused in a sentence, and nothing is written', async (_what, making, message) => {
  const before = await readdir(folder);
  expect(await refusal(making())).toMatch(message);
  expect(await readdir(folder)).toEqual(before);
});
