import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineTask, json } from '@portico/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { node, onnxFile } from '../../../../apps/server/test/onnx/onnx.ts';
import { prepareTrial } from '../cli/try/prepare.ts';
import { localFile } from '../weights/weights-file.ts';
import { loadEngine } from './load-engine.ts';

// Each row is a mistake that authors of models make, and the one sentence that says what to do about it. An engine sends it to the log,
// to /ready and to `portico try`, wherever in the life of a model the mistake shows.

process.env['ORT_DISABLE_TELEMETRY'] = '1';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-mistakes-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'net.onnx'),
    onnxFile({
      nodes: [node('Identity', ['x'], ['y'])],
      inputs: [{ name: 'x', type: 'float32', shape: ['batch', 3] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['batch', 3] }],
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The pieces of a model that is right; a mistake replaces one of them. */
const right = {
  imports: '',
  before: '',
  inputs: "{ x: { type: 'float32', shape: ['batch', 3] } }",
  outputs: "{ y: { type: 'float32', shape: ['batch', 3] } }",
  feeds: "{ x: new Tensor('float32', Float32Array.of(1, 2, 3), [1, 3]) }",
  returns: 'inputs.map(() => ({ score: 0.5 }))',
  warmUp: '({ input: { value: 1 }, params: {} })',
  exports: 'export default model;',
};
type Model = typeof right;

const modelText = ({ imports, before, inputs, outputs, feeds, returns, warmUp, exports }: Model): string => `${imports}
import { defineTask, json } from ${JSON.stringify(pathToFileURL(createRequire(import.meta.url).resolve('@portico/schemas')).href)};
import { z } from ${JSON.stringify(pathToFileURL(createRequire(import.meta.url).resolve('zod')).href)};
${before}
const task = defineTask({
  name: 'score',
  summary: 'Score.',
  accepts: json(z.object({ value: z.number() })),
  params: z.object({}),
  output: z.object({ score: z.number().max(1) }),
});
const model = {
  task,
  async load({ weights, createSession, Tensor }) {
    return { session: await createSession(weights.network, { inputs: ${inputs}, outputs: ${outputs} }), Tensor };
  },
  async run(inputs, { loaded: { session, Tensor } }) {
    await session.run(${feeds});
    return ${returns};
  },
  warmUp: () => ${warmUp},
};
${exports}
`;

let count = 0;
const options = {
  device: { name: 'cpu', index: 0 },
  threads: 1,
  maxImagePixels: 1,
  maxRecordingSeconds: 1,
} as const;

/** What an engine says that is to load the model. */
async function said(mistake: Partial<Model>, sha256?: string): Promise<string> {
  count += 1;
  const path = join(folder, `model-${count}.js`);
  writeFileSync(path, modelText({ ...right, ...mistake }));
  return loadingOf(pathToFileURL(path).href, sha256);
}

const loadingOf = (module: string, sha256?: string): Promise<string> =>
  loadEngine(
    {
      type: 'load',
      module,
      task: 'score',
      variant: 'only',
      weights: { network: localFile('net.onnx', sha256) },
      options: { ...options, cacheDirectory: folder },
    },
    { onProgress: () => {} },
  ).then(
    () => 'It loads.',
    (error: unknown) =>
      (error as Error).message
        .replaceAll(folder, '/service')
        .replace(/ at (\/service\/)?model-\d+\.js:\d+:\d+/, ' at model.js:LINE'),
  );

it('a model without a mistake loads', async () => {
  expect(await said({})).toBe('It loads.');
});

describe('A mistake in the graph’s tensors', () => {
  const drift = (what: string): string =>
    `/service/net.onnx is not the file this model was written for: ${what}. Use the file that the signature was written for, or adapt ` +
    'signature and model to this one: "portico inspect FILE --signature" prints its own.';
  const fed = 'The warm-up failed at model.js:LINE: The file takes input "x" as float32[batch,3], and the model feeds';

  it.each<[mistake: string, change: Partial<Model>, sentence: string]>([
    [
      'wrong name of an input',
      { inputs: "{ image: { type: 'float32', shape: ['batch', 3] } }" },
      drift('the model expects an input "image", the file has "x"; it needs an input "x" that the model does not feed'),
    ],
    [
      'wrong name of an output',
      { outputs: "{ scores: { type: 'float32', shape: ['batch', 3] } }" },
      drift('the model expects an output "scores", the file has "y"'),
    ],
    [
      'wrong dtype in the signature',
      { inputs: "{ x: { type: 'uint8', shape: ['batch', 3] } }" },
      drift('the model expects input "x" as uint8[batch,3], the file has float32[batch,3]'),
    ],
    [
      'wrong rank in the signature',
      { outputs: "{ y: { type: 'float32', shape: [3] } }" },
      drift('the model expects output "y" as float32[3], the file has float32[batch,3]'),
    ],
    [
      'wrong axis in the signature',
      { inputs: "{ x: { type: 'float32', shape: ['batch', 4] } }" },
      drift('the model expects input "x" as float32[batch,4], the file has float32[batch,3]'),
    ],
    [
      'wrong rank of what is fed',
      { feeds: "{ x: new Tensor('float32', Float32Array.of(1, 2, 3), [3]) }" },
      `${fed} float32[3]: 1 axis instead of 2. Give the Tensor other dims.`,
    ],
    [
      'wrong axis of what is fed',
      { feeds: "{ x: new Tensor('float32', Float32Array.of(1, 2, 3), [3, 1]) }" },
      `${fed} float32[3,1]: axis 1 has 1 instead of 3. Give the Tensor other dims, and its values in their order.`,
    ],
    [
      'wrong dtype of what is fed',
      { feeds: "{ x: new Tensor('int32', Int32Array.of(1, 2, 3), [1, 3]) }" },
      `${fed} int32[1,3]: make the tensor with new Tensor('float32', values, dims).`,
    ],
    [
      'wrong name of what is fed',
      { feeds: "{ image: new Tensor('float32', Float32Array.of(1, 2, 3), [1, 3]) }" },
      'The warm-up failed at model.js:LINE: session.run was given no "x", which is float32[batch,3] in the file, but "image". Add it under that name.',
    ],
    [
      'values instead of a Tensor',
      { feeds: '{ x: Float32Array.of(1, 2, 3) }' },
      `The warm-up failed at model.js:LINE: session.run was given something else than a Tensor as "x". Make one: new Tensor('float32', values, dims).`,
    ],
  ])('%s', async (_, change, sentence) => {
    expect(await said(change)).toBe(sentence);
  });
});

describe('A mistake in the code of a model', () => {
  it.each<[mistake: string, change: Partial<Model>, sentence: string | RegExp]>([
    [
      'missing default export',
      { exports: 'export { model };' },
      /^model-\d+\.js has no model: it needs "export default defineModel\(task, \{ load, run, warmUp \}\)"\.$/,
    ],
    [
      'a model of another task',
      { exports: "export default { ...model, task: { ...task, name: 'other' } };" },
      /^model-\d+\.js implements the task "other", but is registered for "score"\. Register the task that it implements\.$/,
    ],
    [
      'missing package',
      { imports: "import 'left-pad';" },
      /^model-\d+\.js imports "left-pad", which is not installed\. Run "npm install left-pad" in \/service\.$/,
    ],
    [
      'missing module',
      { imports: "import './labels.js';" },
      /^model-\d+\.js cannot be imported: Cannot find module '.*labels\.js' imported from .*\. Correct the path in the import\.$/,
    ],
    ['syntax error', { before: 'const = 1;' }, /^model-\d+\.js cannot be imported: ./],
    ['an exception while it is imported', { before: 'undefined.x;' }, /^model-\d+\.js cannot be imported: Cannot read/],
    [
      'an exception in run()',
      { returns: 'inputs.map(({ missing }) => missing.data)' },
      "The warm-up failed at model.js:LINE: Cannot read properties of undefined (reading 'data')",
    ],
    [
      'an exception in load()',
      { inputs: '(undefined).x' },
      "load() failed at model.js:LINE: Cannot read properties of undefined (reading 'x')",
    ],
    [
      'output against the schema',
      { returns: "inputs.map(() => ({ score: 'high' }))" },
      'The warm-up failed: The output does not match the contract: output.score: Invalid input: expected number, received string. Change what run() returns, or the contract.',
    ],
    [
      'too few outputs',
      { returns: '[]' },
      'The warm-up failed: run() returned 0 results for 1 input. Return one output or Failure for each input, in the same order.',
    ],
    [
      'too many outputs',
      { returns: '[{ score: 1 }, { score: 1 }]' },
      'The warm-up failed: run() returned 2 results for 1 input. Return one output or Failure for each input, in the same order.',
    ],
    [
      'an output instead of a list of them',
      { returns: '{ score: 1 }' },
      'The warm-up failed: run() returned no array for 1 input. Return one output or Failure for each input, in the same order.',
    ],
    [
      'a sample that is no input',
      { warmUp: '({ value: 1 })' },
      'warmUp() returns no input of the task: return { input: …, params: { … } }, as run() gets it.',
    ],
  ])('%s', async (_, change, sentence) => {
    expect(await said(change)).toMatch(sentence);
  });
});

describe('A mistake in the registration', () => {
  it('a wrong checksum', async () => {
    expect(await said({}, '0'.repeat(64))).toMatch(
      /^Weights network \(net\.onnx\) have sha256 [0-9a-f]{64}, expected 0{64}\. Get the file again; if it was replaced on purpose, write/,
    );
  });

  it('a wrong path to the implementation', async () => {
    expect(await loadingOf(pathToFileURL(join(folder, 'modle.js')).href)).toBe(
      '/service/modle.js does not exist, and is registered as the implementation of a model. Correct "implementation" where the model is ' +
        'registered, and compile what is TypeScript.',
    );
  });

  it('none at all', () => {
    const task = defineTask({
      name: 'digit',
      summary: 'Read a digit.',
      accepts: json(z.object({})),
      params: z.object({}),
      output: z.object({}),
    });
    const listed = { task, settings: { variants: {} }, module: 'file:///service/digit/model.js' };
    expect(() => prepareTrial('score', [listed], { folder, models: '/service/models.ts', main: undefined })).toThrow(
      'There is no model "score". /service/models.ts lists digit; a model is registered by one line there.',
    );
  });
});
