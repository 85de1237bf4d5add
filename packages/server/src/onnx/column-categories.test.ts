import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Graph,
  initializer,
  integerAttribute,
  listAttribute,
  node,
  onnxFile,
} from '../../../../apps/server/test/onnx/onnx.ts';
import { type ColumnCategories, readOnnx } from './read-onnx.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'categories-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function categories(
  nodes: readonly Uint8Array[],
  inputs: Graph['inputs'],
  initializers: readonly Uint8Array[] = [],
): Promise<readonly ColumnCategories[]> {
  const path = join(folder, 'net.onnx');
  const outputs = [{ name: 'y', type: 'float32', shape: ['n'] }] as const;
  await writeFile(path, onnxFile({ nodes, inputs, outputs, initializers }));
  return (await readOnnx(path)).categories;
}

const column = (name: string, type: 'string' | 'int64' | 'float32' = 'string') =>
  ({ name, type, shape: ['n', 1] }) as const;
const matrix = { name: 'X', type: 'string', shape: ['n', 3] } as const;
const onMl = (
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: readonly Uint8Array[] = [],
): Uint8Array => node(operator, inputs, [output], attributes, 'ai.onnx.ml');
const oneHot = (input: string, values: readonly (string | number)[], zeros: number): Uint8Array =>
  onMl('OneHotEncoder', [input], `${input}out`, [
    listAttribute(typeof values[0] === 'string' ? 'cats_strings' : 'cats_int64s', values),
    integerAttribute('zeros', zeros),
  ]);
const ordinal = (input: string, values: readonly (string | number)[], ...more: readonly Uint8Array[]): Uint8Array =>
  onMl('LabelEncoder', [input], `${input}out`, [
    listAttribute(typeof values[0] === 'string' ? 'keys_strings' : 'keys_int64s', values),
    listAttribute(
      'values_int64s',
      values.map((_, at) => at),
    ),
    ...more,
  ]);
const indices = (name: string, ...values: readonly number[]): Uint8Array =>
  initializer(name, [values.length], BigInt64Array.from(values, BigInt));
const axis = (value: number): readonly Uint8Array[] => [integerAttribute('axis', value)];
const all = { isComplete: true, isClosed: true };

it('an input for each column: what its encoder knows, and whether it answers for others', async () => {
  const nodes = [
    oneHot('port', ['Ü ${x}', 'Queens"town'], 0),
    oneHot('deck', ['A', 'B'], 1),
    ordinal('size', ['S', 'M']),
    ordinal('colour', ['red'], integerAttribute('default_int64', -1)),
    node('Cast', ['class'], ['classcast'], [integerAttribute('to', 7)]),
    oneHot('classcast', [3, -1], 0),
  ];
  const inputs = ['port', 'deck', 'size', 'colour'].map((name) => column(name));
  expect(await categories(nodes, [...inputs, column('class', 'float32')])).toEqual([
    { input: 'port', column: 0, values: ['Ü ${x}', 'Queens"town'], ...all },
    { input: 'deck', column: 0, values: ['A', 'B'], isComplete: true, isClosed: false },
    { input: 'size', column: 0, values: ['S', 'M'], ...all },
    { input: 'colour', column: 0, values: ['red'], isComplete: true, isClosed: false },
    { input: 'class', column: 0, values: [3, -1], ...all },
  ]);
});

it('a matrix: the column that each encoder sees, through what takes columns out and puts them together', async () => {
  const nodes = [
    onMl('ArrayFeatureExtractor', ['X', 'last'], 'deck'),
    node('Gather', ['X', 'two'], ['pair'], axis(1)),
    node('Concat', ['deck', 'pair'], ['all'], axis(1)),
    node('Identity', ['all'], ['same']),
    node('Gather', ['same', 'last'], ['port'], axis(1)),
    oneHot('port', ['Cherbourg'], 0),
    ordinal('deck', ['A']),
  ];
  expect(await categories(nodes, [matrix], [indices('last', 2), indices('two', 0, 1)])).toEqual([
    { input: 'X', column: 1, values: ['Cherbourg'], ...all },
    { input: 'X', column: 2, values: ['A'], ...all },
  ]);
});

it('what is missing is filled in before the encoder: it does not see all that a client may send', async () => {
  const nodes = [
    node('Where', ['condition', 'fill', 'port'], ['filled']),
    oneHot('filled', ['Cherbourg', 'Southampton'], 0),
    ordinal('port', ['nan'], integerAttribute('default_int64', 0)),
  ];
  expect(await categories(nodes, [column('port')])).toEqual([
    { input: 'port', column: 0, values: ['Cherbourg', 'Southampton'], isComplete: true, isClosed: false },
  ]);
});

it('of two encoders of a column, what both know', async () => {
  const nodes = [
    oneHot('port', ['A', 'B', 'C'], 0),
    node('Identity', ['port'], ['again']),
    ordinal('again', ['B', 'C', 'D']),
    node('Identity', ['port'], ['third']),
    oneHot('third', ['A', 'B', 'C', 'D'], 1),
  ];
  expect(await categories(nodes, [column('port')])).toEqual([{ input: 'port', column: 0, values: ['B', 'C'], ...all }]);
});

it('long lists and long texts are cut, and said to be', async () => {
  const many = Array.from({ length: 1_000 }, (_, at) => `category ${at}`);
  const nodes = [oneHot('many', many, 0), oneHot('long', ['x'.repeat(101), 'short'], 0)];
  expect(await categories(nodes, [column('many'), column('long')])).toEqual([
    { input: 'many', column: 0, values: many.slice(0, 200), isComplete: false, isClosed: true },
    { input: 'long', column: 0, values: ['short'], isComplete: false, isClosed: true },
  ]);
});

it('many columns of one encoder keep so many categories together, and one each of the rest', async () => {
  const values = Array.from({ length: 100 }, (_, at) => `category ${at}`);
  const found = await categories([oneHot('X', values, 0)], [{ ...matrix, shape: ['n', 300] }]);
  expect(found.map((each) => each.values.length)).toEqual([
    ...Array<number>(200).fill(100),
    ...Array<number>(100).fill(1),
  ]);
  expect(found.map(({ isComplete }) => isComplete).lastIndexOf(true)).toBe(199);
});

it.each<{ what: string; nodes: readonly Uint8Array[] }>([
  { what: 'rows taken out', nodes: [node('Gather', ['X', 'one'], ['c'], axis(0)), oneHot('c', ['A'], 0)] },
  { what: 'a column that is not there', nodes: [node('Gather', ['X', 'nine'], ['c'], axis(1)), oneHot('c', ['A'], 0)] },
  { what: 'changed texts', nodes: [onMl('StringNormalizer', ['X'], 'c'), oneHot('c', ['a'], 0)] },
  { what: 'columns in another form', nodes: [node('Reshape', ['X', 'one'], ['c']), oneHot('c', ['A'], 0)] },
  { what: 'an encoder of nothing', nodes: [onMl('OneHotEncoder', ['X'], 'c')] },
])('$what: nothing is known', async ({ nodes }) => {
  expect(await categories(nodes, [matrix], [indices('one', 1), indices('nine', 9)])).toEqual([]);
});

it('columns that are put together again and again are followed only so far', async () => {
  const nodes = Array.from({ length: 60 }, (_, at) =>
    node('Concat', at === 0 ? ['X', 'X'] : [`c${at - 1}`, `c${at - 1}`], [`c${at}`], axis(1)),
  );
  expect(await categories([...nodes, oneHot('c59', ['A'], 0)], [matrix])).toEqual([]);
});
