import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Task } from '@portico/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphTensor, OnnxFile } from '../../onnx/read-onnx.ts';
import { CommandLineError } from '../command.ts';
import { Choices, type FlagValues } from './choices.ts';
import { moduleText } from './module-text.ts';
import type { GeneratedModel, Names } from './preset.ts';
import { presets } from './presets.ts';
import { type Graph, graphs, type Tensor } from './testing/published-graphs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-presets-'));
});
afterAll(() => rm(folder, { recursive: true }));

const tensorOf = ([name, type, shape, operator, labels]: Tensor): GraphTensor => ({
  name,
  type,
  shape,
  ...(operator === undefined ? {} : { operator }),
  ...(labels === undefined ? {} : { labels }),
});

const fileOf = ({ inputs, outputs, metadata = {}, operators = [], categories = [] }: Graph): OnnxFile => ({
  sha256: '0'.repeat(64),
  bytes: 1_000_000,
  irVersion: 8,
  producer: 'pytorch',
  opsets: { 'ai.onnx': 17 },
  parameters: 1_000,
  externalData: [],
  metadata,
  operators,
  categories,
  inputs: inputs.map(tensorOf),
  outputs: outputs.map(tensorOf),
});

const names: Names = { task: 'thing', constant: 'thingTask', model: 'thingModel', type: 'Thing' };

interface Written {
  readonly generated: GeneratedModel;
  readonly notes: readonly string[];
}

/** What a preset makes of a graph where nobody is there to answer. */
async function write(preset: string, graph: Graph, flags: FlagValues = {}): Promise<Written> {
  const choices = new Choices(flags, undefined);
  const generated = await presets
    .find(({ name }) => name === preset)!
    .write({
      file: fileOf(graph),
      path: join(folder, 'model.onnx'),
      names,
      sample: undefined,
      choose: (choice) => choices.choose(choice),
      note: (line) => void choices.notes.push(line),
    });
  return { generated, notes: choices.notes };
}

const doors: Readonly<Record<string, string>> = {
  zod: import.meta.resolve('zod'),
  '@portico/schemas': new URL('../../../../schemas/src/index.ts', import.meta.url).href,
  '@portico/media/image': new URL('../../../../media/src/image/index.ts', import.meta.url).href,
  '@portico/media/audio': new URL('../../../../media/src/audio/index.ts', import.meta.url).href,
  '@portico/media/text': new URL('../../../../media/src/text/index.ts', import.meta.url).href,
  '@portico/server/model': new URL('../../model/index.ts', import.meta.url).href,
};

let written = 0;

/** Writes the modules, and loads them as an engine would. */
async function load({ contract, model }: GeneratedModel): Promise<{ readonly task: Task; readonly model: unknown }> {
  written += 1;
  const path = (name: string): string => join(folder, `${written}-${name}.ts`);
  const elsewhere = (specifier: string): string => {
    const door = doors[specifier];
    return door === undefined ? pathToFileURL(path(specifier.slice(2, -3))).href : fileURLToPath(door);
  };
  await writeFile(path('signature'), 'export const signature = { inputs: {}, outputs: {} };\n');
  await writeFile(path('contract'), moduleText(contract, elsewhere));
  await writeFile(path('model'), moduleText(model, elsewhere));
  const { thingTask: task } = (await import(path('contract'))) as { thingTask: Task };
  return { task, model: ((await import(path('model'))) as { default: unknown }).default };
}

/** Flags for what no file can say. */
const needed: Readonly<Record<string, FlagValues>> = {
  yolox: { labels: 'text' },
  ssd: { labels: 'person,bicycle,car' },
  rfDetr: { labels: 'person,bicycle,car', scores: 'independent' },
  miniLm: { tokenizer: fileURLToPath(import.meta.url) },
};

describe.each(Object.entries(graphs))('the graph of %s', (name, { preset, ...graph }) => {
  it('is recognised', () => {
    const file = fileOf(graph);
    const best = presets.map((each) => ({ name: each.name, fit: each.fits(file) })).sort((a, b) => b.fit - a.fit)[0];
    expect(best?.name).toBe(preset);
  });

  it('becomes a contract and a model that load', async () => {
    const { generated } = await write(preset, graph, needed[name]);
    const { task, model } = await load(generated);
    expect(task.name).toBe('thing');
    expect(model).toMatchObject({ task: { name: 'thing' } });
  });
});

describe('What the graph does not say', () => {
  it('is assumed and told, and marked in the code', async () => {
    const { generated, notes } = await write('image-classifier', graphs.mnist);
    expect(notes).toEqual([
      expect.stringContaining('--normalize zero-to-one'),
      expect.stringContaining('--fit crop'),
      expect.stringContaining('--scores logits'),
      expect.stringContaining("--labels 'class 0,class 1,class 2,…'"),
    ]);
    expect(generated.model.body).toContain('// Assumed: zero-to-one.');
    expect(generated.contract.body).toContain('// Assumed: the classes');
  });

  it('is no assumption where metadata or a usual form says it', async () => {
    const { generated, notes } = await write('detector', graphs.nudenet);
    expect(notes).toEqual([]);
    expect(generated.model.body).toContain('const size = { width: 320, height: 320 };');
    expect(generated.model.body).toContain("form: 'classes'");
    expect(generated.contract.body).toContain('"PART_17"');
  });

  it('is an error that names the flag, where nothing can be assumed', async () => {
    await expect(write('embedding', graphs.miniLm)).rejects.toThrow('--tokenizer');
    await expect(write('detector', graphs.ssd)).rejects.toThrow('--labels');
  });
});

describe('Columns that an encoder of the graph sees', () => {
  const graph: Graph = {
    inputs: [
      ['port', 'string', [null, 1]],
      ['class', 'int64', [null, 1]],
      ['deck', 'string', [null, 1]],
      ['cabin', 'string', [null, 1]],
    ],
    outputs: [['label', 'int64', [null]]],
    categories: [
      { input: 'port', column: 0, values: ['Queenstown', 'Southampton'], isComplete: true, isClosed: true },
      { input: 'class', column: 0, values: [3, 1], isComplete: true, isClosed: true },
      { input: 'deck', column: 0, values: ['A', 'B'], isComplete: true, isClosed: false },
      { input: 'cabin', column: 0, values: ['A1', 'A2'], isComplete: false, isClosed: true },
    ],
  };
  const known = { port: 'Queenstown', class: 3, deck: 'A', cabin: 'A1' };

  it('have a value that it knows in the sample and the warm-up, and there is nothing to tell', async () => {
    const { generated, notes } = await write('tabular', graph);
    expect(generated.sample).toEqual({ input: { rows: [known] } });
    const { model } = await load(generated);
    expect((model as { warmUp(): object }).warmUp()).toMatchObject({ input: { rows: [known] } });
    expect(notes).toEqual([]);
  });

  it('take nothing else where it refuses others and all of its values are known', async () => {
    const { task } = await load((await write('tabular', graph)).generated);
    const takes = (other: object): boolean =>
      task.accepts.kind === 'json' && task.accepts.schema.safeParse({ rows: [{ ...known, ...other }] }).success;
    expect([{}, { port: 'Southampton' }, { class: 1 }, { deck: 'Z' }, { cabin: 'Z' }].filter(takes)).toHaveLength(5);
    expect([{ port: 'Nowhere' }, { class: 2 }, { class: '3' }].filter(takes)).toEqual([]);
  });

  it('are like others where the values are of another type than the column', async () => {
    const categories = graph.categories?.map((each) => ({ ...each, values: each.input === 'class' ? ['3'] : [3] }));
    const { generated, notes } = await write('tabular', { ...graph, categories: categories ?? [] });
    expect(generated.sample).toMatchObject({ input: { rows: [{ port: 'a', class: 0 }] } });
    expect(notes).toEqual([expect.stringContaining('invented text')]);
  });
});

describe('Classes that the keys of maps name in the file', () => {
  const graph = (labels: readonly (string | number)[]): Graph => ({
    ...graphs.iris,
    outputs: [
      ['output_label', typeof labels[0] === 'string' ? 'string' : 'int64', [null]],
      ['output_probability', 'float32', [null, labels.length], 'Normalizer', labels],
    ],
  });
  const scored = (...labels: string[]) => ({
    label: labels[0],
    probabilities: labels.map((label) => ({ label, score: 0.5 })),
  });

  it('name the scores', async () => {
    const { task } = await load((await write('tabular', graph(['setosa', "l'autre"]))).generated);
    expect(task.output.safeParse({ rows: [scored('setosa', "l'autre")] }).success).toBe(true);
    expect(task.output.safeParse({ rows: [scored('setosa', 'virginica')] }).success).toBe(false);
  });

  it('give way to the names of --labels', async () => {
    const { generated } = await write('tabular', graph(['setosa', 'virginica']), { labels: 'one,two' });
    const { task } = await load(generated);
    expect(task.output.safeParse({ rows: [scored('one', 'two')] }).success).toBe(true);
  });

  it('are said where they are numbers, which are the values of the label', async () => {
    const { generated } = await write('tabular', graph([7, 9]));
    expect(generated.contract.body).toContain('One number a class, in this order: 7, 9.');
    const { task } = await load(generated);
    expect(task.output.safeParse({ rows: [{ label: 9, probabilities: [0.1, 0.9] }] }).success).toBe(true);
  });
});

it('every flag is what the code becomes', async () => {
  const { generated } = await write('image-classifier', graphs.openNsfw, {
    labels: 'sfw,nsfw',
    mean: '104,117,123',
    channels: 'bgr',
    resize: '256',
    kernel: 'open-cv',
  });
  expect(generated.model.body).toContain('mean: [123 / 255, 117 / 255, 104 / 255]');
  expect(generated.model.body).toContain('deviation: [1 / 255, 1 / 255, 1 / 255]');
  expect(generated.model.body).toContain("channelOrder: 'bgr'");
  expect(generated.model.body).toContain("share: 224 / 256, kernel: 'open-cv'");
});

it('A size that the graph leaves open is proposed beside one that it does not', async () => {
  const graph: Graph = {
    inputs: [['picture', 'float32', [1, 1, 64, 'width']]],
    outputs: [['scores', 'float32', [1, 10]]],
  };
  const { notes } = await write('image-classifier', graph);
  expect(notes.join('\n')).toContain('Assumed: --size 224x64');
});

it.each([
  ['rgb', 'red comes first'],
  ['bgr', 'blue comes first'],
])('The project says in which order the network takes channels: %s', async (channels, sentence) => {
  const { generated } = await write('image-classifier', graphs.openNsfw, { channels });
  expect(generated.explains.join('\n')).toContain(sentence);
});

it.each<{ preset: string; graph: Graph; flags: FlagValues; sentence: string }>([
  {
    preset: 'image-classifier',
    graph: graphs.openNsfw,
    flags: { labels: 'a,b,c' },
    sentence: 'there are 3 names, but the network has 2 classes',
  },
  {
    preset: 'image-classifier',
    graph: graphs.openNsfw,
    flags: { size: '299x299' },
    sentence: '--size: the graph takes pictures that are 224 pixels wide and 224 pixels high.',
  },
  {
    preset: 'image-classifier',
    graph: { inputs: [['picture', 'float32', [1, 1, 64, 'width']]], outputs: [['scores', 'float32', [1, 10]]] },
    flags: { size: '160x60' },
    sentence: '--size: the graph takes pictures that are any number of pixels wide and 64 pixels high.',
  },
  {
    preset: 'audio-classifier',
    graph: {
      inputs: [['sound', 'float32', [1, 'samples']]],
      outputs: [['spectrogram', 'float32', ['time', 1, 'frames', 32]]],
    },
    flags: {},
    sentence:
      'The network has no output that holds a score for each class. Its outputs are "spectrogram". Use --preset raw.',
  },
  { preset: 'image-classifier', graph: graphs.openNsfw, flags: { layout: 'nchw' }, sentence: 'has its channels last' },
  { preset: 'image-classifier', graph: graphs.iris, flags: {}, sentence: 'takes no picture' },
  { preset: 'image-classifier', graph: graphs.mnist, flags: { mean: 'a' }, sentence: '--mean: a is not three numbers' },
  {
    preset: 'image-classifier',
    graph: graphs.openNsfw,
    flags: { labels: 'missing.txt' },
    sentence: '--labels: missing.txt cannot be read',
  },
  { preset: 'detector', graph: graphs.openNsfw, flags: { form: 'yolo' }, sentence: '--form yolo takes a network' },
  {
    preset: 'tabular',
    graph: graphs.iris,
    flags: { columns: 'a,b' },
    sentence: 'there are 2 names, but the network takes 4 columns',
  },
  {
    preset: 'tabular',
    graph: graphs.iris,
    flags: { columns: 'a,b,c,a' },
    sentence: 'the name "a" is empty or there twice',
  },
  {
    preset: 'audio-classifier',
    graph: graphs.basicPitch,
    flags: { 'sample-rate': 'many' },
    sentence: 'many is not a number from 1000',
  },
  {
    preset: 'detector',
    graph: { ...graphs.nudenet, metadata: { ...graphs.nudenet.metadata, task: 'segment' } },
    flags: {},
    sentence: 'is a YOLO for segment',
  },
  {
    preset: 'tabular',
    graph: { ...graphs.iris, outputs: [['output_probability', 'sequence(map(int64, float32))', undefined]] },
    flags: {},
    sentence: 'skl2onnx.to_onnx(model, X, options={"zipmap": False})',
  },
])('a choice that cannot be is refused: $sentence', async ({ preset, graph, flags, sentence }) => {
  const error: unknown = await write(preset, graph, flags).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CommandLineError);
  expect((error as Error).message).toContain(sentence);
});

describe('Names that nobody has vetted', () => {
  const hostile = [
    `'); process.exit(1); ('`,
    '`${process.exit(1)}`',
    '*/ process.exit(1); /*',
    'a\u2028b',
    '__proto__',
    '\\',
    '\n//',
  ];

  it('are labels like any other', async () => {
    const graph: Graph = {
      inputs: [['\'"`${x}', 'float32', ['*/ batch', 3, 8, 8]]],
      outputs: [['constructor', 'float32', ['n', hostile.length], 'Softmax']],
      metadata: { names: JSON.stringify(hostile) },
    };
    const { generated } = await write('image-classifier', graph);
    const { task } = await load(generated);
    const accepted = hostile.filter((label) => task.output.safeParse({ labels: [{ label, score: 1 }] }).success);
    expect(accepted).toEqual(hostile);
    expect(task.output.safeParse({ labels: [{ label: 'other', score: 1 }] }).success).toBe(false);
  });

  it('are columns like any other', async () => {
    const graph: Graph = {
      inputs: hostile.map((name): Tensor => [name, 'float32', [null, 1]]),
      outputs: [['\n*/ process.exit(1)', 'float32', [null, 1]]],
    };
    const { generated } = await write('tabular', graph);
    const { task } = await load(generated);
    const row = JSON.parse(`{${hostile.map((name) => `${JSON.stringify(name)}: 1`).join(',')}}`) as object;
    expect(task.accepts.kind === 'json' && task.accepts.schema.safeParse({ rows: [row] }).success).toBe(true);
  });

  it('are categories like any other', async () => {
    const { generated } = await write('tabular', {
      inputs: [['X', 'string', [null, 1]]],
      outputs: [['label', 'int64', [null]]],
      categories: [{ input: 'X', column: 0, values: hostile, isComplete: true, isClosed: true }],
    });
    const { task } = await load(generated);
    const takes = (column1: string): boolean =>
      task.accepts.kind === 'json' && task.accepts.schema.safeParse({ rows: [{ column1 }] }).success;
    expect(hostile.filter(takes)).toEqual(hostile);
    expect(takes('other')).toBe(false);
  });

  it('are tensors like any other', async () => {
    const graph: Graph = {
      inputs: hostile.map((name): Tensor => [name, 'float32', [1]]),
      outputs: hostile.map((name): Tensor => [name, 'float32', ['*/ x', null]]),
    };
    const { generated } = await write('raw', graph);
    const { task } = await load(generated);
    const value = JSON.parse(
      `{${hostile.map((name) => `${JSON.stringify(name)}: { "data": [1] }`).join(',')}}`,
    ) as object;
    expect(task.accepts.kind === 'json' && task.accepts.schema.safeParse(value).success).toBe(true);
  });

  it('are members of their own, whatever the outputs of a table are called', async () => {
    const names = ['a-b', 'c-d', 'label', 'probabilities', 'probabilities2'];
    const graph: Graph = {
      inputs: [['x', 'float32', [null, 3]]],
      outputs: [
        ...names.map((name): Tensor => [name, 'float32', [null, 2]]),
        ...['other', 'label', 'value'].map((name): Tensor => [name, 'int64', [null]]),
        ['number', 'float32', [null]],
      ],
    };
    const { generated } = await write('tabular', graph);
    const { task } = await load(generated);
    const { rows } = (task.output as never as { shape: { rows: { element: { shape: object } } } }).shape;
    expect(new Set(Object.keys(rows.element.shape)).size).toBe(graph.outputs.length);
    const declared = [...generated.model.body.matchAll(/const (\w+Rows) =/g)].map(([, name]) => name);
    expect(new Set(declared).size).toBe(names.length);
  });

  it.each([
    ['of nothing but digits', `{${'1'.repeat(100_000)}`],
    ['in itself', `${'{"id2label":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['with a gap', '{"0":"a","999999":"b"}'],
  ])('are no labels in metadata %s', async (_what, names) => {
    const { notes } = await write('image-classifier', { ...graphs.mnist, metadata: { names } });
    expect(notes.join()).toContain("--labels 'class 0,class 1,class 2,…'");
  });
});
