import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  externalTensor,
  type Graph,
  initializer,
  listAttribute,
  node,
  onnxFile,
  type Value,
} from '../../../../apps/server/test/onnx/onnx.ts';
import { fileOpener, Stopwatch } from '../engine/sessions.ts';
import { Tensor } from '../model/tensor.ts';
import { readOnnx } from './read-onnx.ts';

process.env['ORT_DISABLE_TELEMETRY'] = '1';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'served-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

const openFile = fileOpener({ device: 'cpu', index: 0, threads: 1, stopwatch: new Stopwatch() });
const opsets = { '': 17, 'ai.onnx.ml': 1 };

async function open(graph: Graph) {
  const path = join(folder, 'net.onnx');
  await writeFile(path, onnxFile(graph, { opsets }));
  return openFile(path);
}

const x: Value = { name: 'x', type: 'float32', shape: ['rows', 2] };
const maps = (name: string): Value => ({ name, type: 'float32', shape: undefined, within: 'sequence of maps' });
const zipMap = (from: string, to: string, classes: readonly (number | string)[]): Uint8Array => {
  const attribute = typeof classes[0] === 'string' ? 'classlabels_strings' : 'classlabels_int64s';
  return node('ZipMap', [from], [to], [listAttribute(attribute, classes)], 'ai.onnx.ml');
};
const rows = { x: new Tensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2]) };
const values = (tensor: Tensor | undefined): unknown => [...(tensor?.data ?? [])];

describe('A ZipMap at the end of a graph', () => {
  const doubled: Graph = {
    nodes: [
      node('Add', ['x', 'x'], ['sum']),
      zipMap('sum', 'maps', ['no', 'yes']),
      node('Identity', ['sum'], ['plain']),
    ],
    inputs: [x],
    outputs: [maps('maps'), { name: 'plain', type: 'float32', shape: ['rows', 2] }],
  };

  it('is served as the tensor that goes into it, under its own name and in its place', async () => {
    const file = await open(doubled);
    expect(file.outputs).toEqual([
      { name: 'maps', type: 'float32', shape: ['rows', 2], labels: ['no', 'yes'] },
      { name: 'plain', type: 'float32', shape: ['rows', 2] },
    ]);
    const outputs = await file.run(rows);
    expect(values(outputs['maps'])).toEqual([2, 4, 6, 8]);
    expect(outputs['maps']?.dims).toEqual([2, 2]);
    expect(values(outputs['plain'])).toEqual([2, 4, 6, 8]);
  });

  it('leaves the file as it is, and inspection says the same of it', async () => {
    const path = join(folder, 'net.onnx');
    const bytes = onnxFile(doubled, { opsets });
    await open(doubled);
    expect(Buffer.compare(await readFile(path), bytes)).toBe(0);
    expect(await readOnnx(path)).toMatchObject({
      sha256: createHash('sha256').update(bytes).digest('hex'),
      outputs: [
        {
          name: 'maps',
          type: 'float32',
          shape: [null, 2],
          labels: ['no', 'yes'],
          unwrapped: 'ZipMap',
          operator: 'Add',
        },
        { name: 'plain', operator: 'Add' },
      ],
    });
  });

  it('may be there twice, with whole numbers as classes, fed by an input of the graph', async () => {
    const file = await open({
      nodes: [zipMap('x', 'p', [-1, 7]), zipMap('x', 'q', ['a', 'b'])],
      inputs: [x],
      outputs: [maps('p'), maps('q')],
    });
    expect(file.outputs.map(({ name, labels }) => [name, labels])).toEqual([
      ['p', [-1, 7]],
      ['q', ['a', 'b']],
    ]);
    expect(values((await file.run(rows))['p'])).toEqual([1, 2, 3, 4]);
  });

  it('may have more classes than are listed', async () => {
    const classes = Array.from({ length: 10_000 }, (_, index) => `a class with a long name, number ${index}`);
    const wide: Value = { name: 'x', type: 'float32', shape: ['rows', classes.length] };
    const file = await open({ nodes: [zipMap('x', 'p', classes)], inputs: [wide], outputs: [maps('p')] });
    expect(file.outputs).toEqual([{ name: 'p', type: 'float32', shape: ['rows', 10_000], labels: undefined }]);
  });

  it('does not hide weights that are in a file beside', async () => {
    await mkdir(join(folder, 'apart'));
    await writeFile(join(folder, 'apart/w.data'), Float32Array.of(10, 20));
    const path = join(folder, 'apart/net.onnx');
    const graph: Graph = {
      nodes: [node('Add', ['x', 'w'], ['sum']), zipMap('sum', 'p', [0, 1])],
      initializers: [externalTensor('w', [2], 'w.data')],
      inputs: [x],
      outputs: [maps('p')],
    };
    await writeFile(path, onnxFile(graph, { opsets }));
    expect(values((await (await openFile(path)).run(rows))['p'])).toEqual([11, 22, 13, 24]);
  });

  it('is passed over in a file of many nodes and large weights', async () => {
    const weights = Float32Array.from({ length: 100_000 }, (_, index) => index % 7);
    const chain = Array.from({ length: 500 }, (_, index) => node('Identity', [`v${index}`], [`v${index + 1}`]));
    const file = await open({
      nodes: [
        node('Gather', ['w', 'at'], ['v0']),
        ...chain,
        node('Mul', ['x', 'v500'], ['y']),
        zipMap('y', 'p', [0, 1]),
      ],
      initializers: [initializer('w', [100_000], weights), initializer('at', [1], BigInt64Array.of(3n))],
      inputs: [x],
      outputs: [maps('p')],
    });
    expect(values((await file.run(rows))['p'])).toEqual([3, 6, 9, 12]);
  });
});

describe('Other edges of a graph', () => {
  it('a sequence of a known number of tensors is served as these, by number', async () => {
    const file = await open({
      nodes: [
        node('Add', ['x', 'x'], ['double']),
        node('ReduceSum', ['x'], ['sum']),
        node('SequenceConstruct', ['double', 'sum', 'x'], ['all']),
      ],
      inputs: [x],
      outputs: [{ name: 'all', type: 'float32', shape: undefined, within: 'sequence' }],
    });
    expect(file.outputs.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'all_0 float32',
      'all_1 float32',
      'all_2 float32',
    ]);
    const outputs = await file.run(rows);
    expect([0, 1, 2].map((index) => values(outputs[`all_${index}`]))).toEqual([[2, 4, 6, 8], [10], [1, 2, 3, 4]]);
  });

  it('a sequence stays one where its tensors cannot have their names', async () => {
    const file = await open({
      nodes: [node('Add', ['x', 'x'], ['all_0']), node('SequenceConstruct', ['all_0'], ['all'])],
      inputs: [x],
      outputs: [{ name: 'all', type: 'float32', shape: undefined, within: 'sequence' }],
    });
    expect(file.outputs).toEqual([{ name: 'all', type: 'no tensor', shape: [] }]);
  });

  it('an optional output that is always there is a tensor', async () => {
    const file = await open({
      nodes: [node('Add', ['x', 'x'], ['sum']), node('Optional', ['sum'], ['maybe'])],
      inputs: [x],
      outputs: [{ name: 'maybe', type: 'float32', shape: ['rows', 2], within: 'optional' }],
    });
    expect(file.outputs).toMatchObject([{ name: 'maybe', type: 'float32', shape: ['rows', 2] }]);
    expect(values((await file.run(rows))['maybe'])).toEqual([2, 4, 6, 8]);
  });

  it('an optional output that another node takes stays one', async () => {
    const file = await open({
      nodes: [node('Optional', ['x'], ['maybe']), node('OptionalHasElement', ['maybe'], ['has'])],
      inputs: [x],
      outputs: [
        { name: 'maybe', type: 'float32', shape: ['rows', 2], within: 'optional' },
        { name: 'has', type: 'bool', shape: [] },
      ],
    });
    expect(file.outputs).toMatchObject([{ type: 'no tensor' }, { name: 'has', type: 'bool' }]);
  });

  it('a map that is made a row at once is served as that row, with a column for each key', async () => {
    const file = await open({
      nodes: [
        node('DictVectorizer', ['map'], ['row'], [listAttribute('int64_vocabulary', [5, 3])], 'ai.onnx.ml'),
        node('Add', ['row', 'x'], ['y']),
      ],
      inputs: [{ name: 'map', type: 'float32', shape: [], within: 'map' }, x],
      outputs: [{ name: 'y', type: 'float32', shape: ['rows', 2] }],
    });
    expect(file.inputs).toMatchObject([
      { name: 'map', type: 'float32', shape: [1, 2], labels: [5, 3] },
      { name: 'x', type: 'float32', shape: ['rows', 2] },
    ]);
    const map = new Tensor('float32', Float32Array.of(10, 20), [1, 2]);
    expect(values((await file.run({ map, ...rows }))['y'])).toEqual([11, 22, 13, 24]);
  });

  it('tensors of any rank are told from those without axes', async () => {
    const file = await open({
      nodes: [node('Identity', ['any'], ['y']), node('Identity', ['scalar'], ['z'])],
      inputs: [
        { name: 'any', type: 'float32', shape: undefined },
        { name: 'scalar', type: 'float32', shape: [] },
      ],
      outputs: [
        { name: 'y', type: 'float32', shape: undefined },
        { name: 'z', type: 'float32', shape: [] },
      ],
    });
    expect([...file.inputs, ...file.outputs].map(({ name, shape }) => [name, shape])).toEqual([
      ['any', undefined],
      ['scalar', []],
      ['y', undefined],
      ['z', []],
    ]);
  });
});
