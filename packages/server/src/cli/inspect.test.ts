import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, afterAll, expect, it, vi } from 'vitest';
import { externalTensor, initializer, listAttribute, node, onnxFile } from '../../../../apps/server/test/onnx/onnx.ts';
import { runCommand } from './command.ts';
import { command } from './inspect.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inspect-'));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** What the command prints for a file. */
async function printed(file: Uint8Array | string, ...args: readonly string[]): Promise<string> {
  const path = join(folder, 'net.onnx');
  await writeFile(path, file);
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((part) => ((text += String(part)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((part) => ((text += String(part)), true));
  await runCommand('inspect', command, [path, ...args]);
  return text;
}

const classifier = onnxFile(
  {
    nodes: [node('MatMul', ['image', 'w'], ['logits']), node('Softmax', ['logits'], ['scores'])],
    initializers: [initializer('w', [3, 2], new Float32Array(6))],
    inputs: [{ name: 'image', type: 'float32', shape: ['batch', 3] }],
    outputs: [{ name: 'scores', type: 'float32', shape: ['batch', 2] }],
  },
  { producer: ['pytorch', '2.9.0'], metadata: { labels: '["cat","dog"]', odd: '\u001B[2J' } },
);

it('says what is in a file', async () => {
  const text = await printed(classifier);
  expect(text.replace(/[0-9a-f]{64}/, 'HASH')).toBe(`net.onnx: 0.2 kB, sha256 HASH
IR version 8, operators of ai.onnx 17, written by pytorch 2.9.0
6 parameters

Inputs:
  image  float32  [batch, 3]

Outputs:
  scores  float32  [batch, 2]  from Softmax

Operators: MatMul × 1, Softmax × 1

Metadata:
  labels  "[\\"cat\\",\\"dog\\"]"
  odd     "\\u001b[2J"

The first axis of every tensor is free, so that rows of several requests may share a run. "portico serve" tries that at start, for 2 s at most (TENSOR_BATCHING); a model sets maxBatchSize.

Nothing is known to keep this runtime from serving it.
`);
  expect(process.exitCode).toBeUndefined();
});

it('prints all of it as JSON, or the signature alone', async () => {
  expect(JSON.parse(await printed(classifier, '--json'))).toMatchObject({
    name: 'net.onnx',
    irVersion: 8,
    inputs: [{ name: 'image', type: 'float32', shape: ['batch', 3] }],
    operators: [
      { name: 'MatMul', domain: 'ai.onnx', count: 1 },
      { name: 'Softmax', domain: 'ai.onnx', count: 1 },
    ],
    rows: { possible: true },
    problems: [],
  });
  expect(await printed(classifier, '--signature')).toContain(
    `    image: { type: 'float32', shape: ["batch", 3] },\n  },\n`,
  );
});

it('says where weights are, and how much of them there is', async () => {
  await writeFile(join(folder, 'net.onnx.data'), new Uint8Array(24_000));
  const split = onnxFile({
    nodes: [node('Add', ['x', 'w'], ['y'])],
    initializers: [externalTensor('w', [6_000], 'net.onnx.data')],
    inputs: [{ name: 'x', type: 'float32', shape: undefined }],
    outputs: [{ name: 'y', type: 'float32', shape: [6_000] }],
  });
  const text = await printed(split);
  expect(text).toContain('6,000 parameters, weights in "net.onnx.data" (24.0 kB)\n');
  expect(text).toContain('x  float32  any number of axes\n');
  expect(text).toContain(
    'The file does not say how many axes "x" may have: any number is accepted, and the metadata say [-1].',
  );
  expect(JSON.parse(await printed(split, '--json'))).toMatchObject({ externalBytes: 24_000 });
});

it('says what a file wraps at its end, and that it is served without', async () => {
  const classes = Array.from({ length: 30 }, (_, index) => (index === 1 ? '\u001B[2J' : `class ${index}`));
  const zipMap = onnxFile(
    {
      nodes: [
        node('Softmax', ['x'], ['scores']),
        node('ZipMap', ['scores'], ['p'], [listAttribute('classlabels_strings', classes)], 'ai.onnx.ml'),
      ],
      inputs: [{ name: 'x', type: 'float32', shape: ['batch', 30] }],
      outputs: [{ name: 'p', type: 'float32', shape: undefined, within: 'sequence of maps' }],
    },
    { opsets: { '': 17, 'ai.onnx.ml': 1 } },
  );
  const text = await printed(zipMap);
  expect(text).toContain('\nOutputs:\n  p  float32  [?, 30]  from Softmax\n');
  expect(text).toContain(
    'In the file, "p" is wrapped by ZipMap. It is served as a plain tensor, with the columns class 0, "\\u001b[2J", class 2, ',
  );
  expect(text).toContain('class 19 and 10 more.\n');
  expect(text).toContain('Nothing is known to keep this runtime from serving it.');
  expect(process.exitCode).toBeUndefined();
  expect(await printed(zipMap, '--signature')).toContain(`p: { type: 'float32', shape: [null, 30] },`);
});

it('exits with 1 where a file cannot be served', async () => {
  const newer = onnxFile({ nodes: [], inputs: [], outputs: [] }, { irVersion: 99 });
  expect(await printed(newer)).toContain('This runtime cannot serve it:\n  net.onnx has IR version 99');
  expect(process.exitCode).toBe(1);
});

it('says in one sentence what is wrong with the command line or the file', async () => {
  await expect(runCommand('inspect', command, [])).rejects.toMatchObject({ exitCode: 2 });
  await expect(printed(classifier, '--json', '--signature')).rejects.toThrow('Use --json or --signature, not both.');
  await expect(printed('<html>')).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(/^net\.onnx is a web page/) as string,
  });
});
