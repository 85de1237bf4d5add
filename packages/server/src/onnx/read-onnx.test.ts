import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  externalTensor,
  type Graph,
  graphAttribute,
  initializer,
  node,
  onnxFile,
} from '../../../../apps/server/test/onnx/onnx.ts';
import { bytes } from '../../../../apps/server/test/onnx/protobuf.ts';
import { readOnnx } from './read-onnx.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-onnx-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(content: Uint8Array | string, name = 'net.onnx'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const read = async (...file: Parameters<typeof onnxFile>) => readOnnx(await written(onnxFile(...file)));

const x = { name: 'x', type: 'float32', shape: ['batch', 3] } as const;
const y = { name: 'y', type: 'float32', shape: ['batch', 3] } as const;
const identity: Graph = { nodes: [node('Identity', ['x'], ['y'])], inputs: [x], outputs: [y] };

describe('What a file says of itself', () => {
  it('is its format, exporter, operator sets and metadata', async () => {
    const file = await read(identity, {
      irVersion: 9,
      opsets: { '': 21, 'ai.onnx.ml': 3, __proto__x: 1 },
      metadata: { labels: '["cat", "dog"]', ['__proto__']: 'x' },
      producer: ['pytorch', '2.9.0'],
    });
    expect(file).toMatchObject({
      irVersion: 9,
      producer: 'pytorch 2.9.0',
      opsets: { 'ai.onnx': 21, 'ai.onnx.ml': 3 },
      metadata: { labels: '["cat", "dog"]' },
    });
    expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is its tensors, with lengths, names and free axes, in the words of ONNX Runtime', async () => {
    const { inputs, outputs } = await read({
      nodes: [node('Identity', ['x'], ['y'])],
      inputs: [
        { name: 'x', type: 'int64', shape: [1, 'sequence', '', -1] },
        { name: 'scalar', type: 'float64', shape: [] },
        { name: 'any', type: 'string', shape: undefined },
      ],
      outputs: [
        { name: 'y', type: 'bfloat16', shape: [1] },
        { name: 'list', type: 'float32', shape: undefined, within: 'sequence' },
        { name: 'probabilities', type: 'float32', shape: undefined, within: 'sequence of maps' },
      ],
    });
    expect(inputs).toEqual([
      { name: 'x', type: 'int64', shape: [1, 'sequence', null, null] },
      { name: 'scalar', type: 'float64', shape: [] },
      { name: 'any', type: 'string', shape: undefined },
    ]);
    expect(outputs).toEqual([
      { name: 'y', type: 'bfloat16', shape: [1] },
      { name: 'list', type: 'sequence(float32)', shape: undefined },
      { name: 'probabilities', type: 'sequence(map(int64, float32))', shape: undefined },
    ]);
  });

  it('is the operator behind each output, seen through those that only arrange values', async () => {
    const { outputs } = await read({
      nodes: [
        node('Softmax', ['x'], ['p']),
        node('Reshape', ['p', 'shape'], ['r']),
        node('Cast', ['r'], ['y']),
        // A circle, as no exporter writes it.
        node('Identity', ['a'], ['b']),
        node('Identity', ['b'], ['a']),
      ],
      inputs: [x],
      outputs: [y, { name: 'a', type: 'float32', shape: [1] }],
    });
    expect(outputs.map(({ operator }) => operator)).toEqual(['Softmax', undefined]);
  });

  it('is its weights without their values, wherever they are: initializers, constants, graphs of loops', async () => {
    const weights = initializer('w', [100, 300], new Float32Array(30_000));
    const file = await read({
      nodes: [
        node(
          'Loop',
          ['x', 'w'],
          ['y'],
          [
            graphAttribute('body', {
              nodes: [node('Add', ['b'], ['c'])],
              initializers: [initializer('b', [5], new Float32Array(5))],
              inputs: [],
              outputs: [],
            }),
          ],
        ),
        node('Constant', [], ['k'], [bytes(5, initializer('', [2], Float32Array.of(1, 2)))]),
      ],
      initializers: [weights, externalTensor('v', [10], 'net.onnx.data')],
      // As files of IR version 3 list them.
      inputs: [x, { name: 'w', type: 'float32', shape: [100, 300] }],
      outputs: [y],
    });
    expect(file.parameters).toBe(30_017);
    expect(file.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(file.externalData).toEqual(['net.onnx.data']);
    expect(file.operators).toEqual([
      { name: 'Add', domain: 'ai.onnx', count: 1 },
      { name: 'Constant', domain: 'ai.onnx', count: 1 },
      { name: 'Loop', domain: 'ai.onnx', count: 1 },
    ]);
  });

  it('counts the operators of functions instead of their calls', async () => {
    const { operators } = await read(
      { ...identity, nodes: [node('Gelu2', ['x'], ['y'], [], 'local'), node('Foo', ['x'], ['z'], [], 'my.domain')] },
      { functions: { Gelu2: [node('Erf', ['a'], ['b']), node('Erf', ['b'], ['c'])] } },
    );
    expect(operators).toEqual([
      { name: 'Erf', domain: 'ai.onnx', count: 2 },
      { name: 'Foo', domain: 'my.domain', count: 1 },
    ]);
  });
});

describe('What is no ONNX file', () => {
  it.each<[what: string, content: Uint8Array | string, sentence: RegExp]>([
    ['nothing', '', /^net\.onnx is empty\. Get the file again\.$/],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345678\n',
      /^net\.onnx is a Git LFS pointer, not the file itself \(of 12345678 bytes\)\. Run "git lfs pull"/,
    ],
    [
      'a web page',
      '<!DOCTYPE html><html><body>Sign in</body></html>',
      /is a web page.*"\/resolve\/" instead of "\/blob\/"/,
    ],
    ['an error of a storage service', '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', /is XML/],
    ['JSON', '{"error":"not found"}', /is JSON/],
    ['an ORT file', Buffer.from('\u0018\0\0\0ORTM\0\0'), /\(\.ort\).*Use the ONNX file that it was made from/],
    ['TensorFlow Lite', Buffer.from('\u001c\0\0\0TFL3\0\0'), /tf2onnx\.convert --tflite/],
    ['a PyTorch checkpoint', Buffer.from('PK\u0003\u0004\0\0archive/data.pkl'), /torch\.onnx\.export/],
    ['a zip archive', Buffer.from('PK\u0003\u0004\0\0net.onnx'), /is a zip archive\. Unpack it/],
    ['a pickle', Uint8Array.of(0x80, 4, 0x95, 0, 0), /is a Python pickle.*skl2onnx/],
    ['HDF5', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d), /Keras/],
    ['safetensors', Buffer.concat([Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0), Buffer.from('{"w":{}}')]), /safetensors/],
    ['GGUF', 'GGUF\u0003', /llama\.cpp/],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8), /compressed with gzip\. Unpack it\./],
    ['text', 'hello world, this is no model', /^net\.onnx is no ONNX file/],
    ['random bytes', Uint8Array.from({ length: 1_000 }, (_, index) => (index * 7919) % 251), /is no ONNX file/],
    ['protobuf without a graph', bytes(2, 'pytorch'), /is no ONNX file: it holds no graph/],
  ])('%s is called by its name, with what to do', async (_, content, sentence) => {
    const path = await written(content);
    await expect(readOnnx(path)).rejects.toThrow(sentence);
  });

  it('a path that leads nowhere, and a folder', async () => {
    await expect(readOnnx(join(folder, 'absent.onnx'))).rejects.toThrow('absent.onnx does not exist. Check the path.');
    await expect(readOnnx(folder)).rejects.toThrow('is not a file. Name the ONNX file itself.');
  });

  it('a file that was cut off anywhere behind its head', async () => {
    const whole = onnxFile({ ...identity, initializers: [initializer('w', [10_000], new Float32Array(10_000))] });
    for (const part of [0.3, 0.6, 0.99]) {
      const path = await written(whole.subarray(0, Math.floor(whole.length * part)));
      await expect(readOnnx(path)).rejects.toThrow(/^net\.onnx is damaged or truncated: .* Get the file again/);
    }
  });

  it('a file whose graphs are nested to exhaust the stack', async () => {
    let inner: Graph = identity;
    for (let depth = 0; depth < 200; depth += 1) {
      inner = { nodes: [node('If', ['x'], ['y'], [graphAttribute('then_branch', inner)])], inputs: [], outputs: [] };
    }
    await expect(read(inner)).rejects.toThrow('nested more than 100 deep');
  });

  it('whatever bytes follow, reading ends with a sentence', async () => {
    const whole = onnxFile(identity);
    for (let index = 0; index < whole.length; index += 1) {
      const damaged = Uint8Array.from(whole);
      damaged[index] = 255 - (damaged[index] ?? 0);
      const message = await readOnnx(await written(damaged)).then(
        () => 'net.onnx is read',
        (error: unknown) => String(error),
      );
      expect(message).toMatch(/net\.onnx is (read|no ONNX|damaged)/);
    }
  });
});
