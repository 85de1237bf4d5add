import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  externalTensor,
  type FileHead,
  type Graph,
  initializer,
  listAttribute,
  node,
  onnxFile,
  type Value,
} from '../../../../apps/server/test/onnx/onnx.ts';
import { openSession } from '../engine/sessions.ts';
import { problemsOf, supported } from './problems.ts';
import { readOnnx } from './read-onnx.ts';
import { rowBatching } from './row-batching.ts';
import { signatureSource } from './signature-source.ts';

process.env['ORT_DISABLE_TELEMETRY'] = '1';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onnx-problems-'));
});
afterAll(() => rm(folder, { recursive: true }));

const path = (): string => join(folder, 'net.onnx');

const x: Value = { name: 'x', type: 'float32', shape: ['batch', 3] };
const y: Value = { name: 'y', type: 'float32', shape: ['batch', 3] };
const identity: Graph = { nodes: [node('Identity', ['x'], ['y'])], inputs: [x], outputs: [y] };

/** What `portico inspect` says of a file, and what an engine says that is to load it. */
async function said(graph: Graph, head?: FileHead): Promise<{ readonly inspect: string; readonly boot: string }> {
  await writeFile(path(), onnxFile(graph, head));
  const problems = await problemsOf(path(), await readOnnx(path()));
  return { inspect: problems.map(({ text }) => text).join(' '), boot: await boot() };
}

const boot = (): Promise<string> =>
  openSession(path(), { device: 'cpu', index: 0, threads: 1 }).then(
    (session) => session.release().then(() => ''),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe('What keeps ONNX Runtime from loading a file is said with its cure, by inspect and at boot in the same words', () => {
  it.each<[what: string, graph: Graph, head: FileHead | undefined, sentence: string]>([
    [
      'a newer IR version',
      identity,
      { irVersion: supported.irVersion + 1 },
      'net.onnx has IR version 14, and this ONNX Runtime reads up to 13. Lower it in Python: model = onnx.load("net.onnx"); model.ir_version = 13; onnx.save(model, "net.onnx").',
    ],
    [
      'a newer operator set',
      identity,
      { opsets: { '': 27 } },
      'net.onnx uses version 27 of the operators of ai.onnx, and this ONNX Runtime has up to 26. Export it again with an older one (opset_version=26).',
    ],
    [
      'a newer operator set of another domain',
      identity,
      { opsets: { '': 17, 'ai.onnx.ml': 6 } },
      'net.onnx uses version 6 of the operators of ai.onnx.ml, and this ONNX Runtime has up to 5. Export it again with an older one (target_opset={"ai.onnx.ml": 5}).',
    ],
    [
      'custom operators',
      { ...identity, nodes: [node('Foo', ['x'], ['z'], [], 'my.domain'), node('Bar', ['z'], ['y'], [], 'my.domain')] },
      { opsets: { '': 17, 'my.domain': 1 } },
      'net.onnx needs operators that ONNX Runtime does not have: "Bar", "Foo" of "my.domain". Export the model so that it uses the operators of ONNX alone, and do in model.ts what these did.',
    ],
    [
      'operators of onnxruntime-extensions',
      { ...identity, nodes: [node('BertTokenizer', ['x'], ['y'], [], 'ai.onnx.contrib')] },
      { opsets: { '': 17, 'ai.onnx.contrib': 1 } },
      'net.onnx needs operators that ONNX Runtime does not have: "BertTokenizer" of "ai.onnx.contrib". They are those of onnxruntime-extensions, which does not exist for Node: export the network without its pre- and postprocessing, and do that in model.ts.',
    ],
    [
      'operators for training',
      { ...identity, nodes: [node('Adagrad', ['x'], ['y'], [], 'ai.onnx.preview.training')] },
      { opsets: { '': 17, 'ai.onnx.preview.training': 1 } },
      'net.onnx needs operators that ONNX Runtime does not have: "Adagrad" of "ai.onnx.preview.training". They are for training: export the model for inference, after model.eval() in PyTorch.',
    ],
    [
      'missing weights',
      {
        ...identity,
        nodes: [node('Add', ['x', 'w'], ['y'])],
        initializers: [externalTensor('w', [3], 'net.onnx.data')],
      },
      undefined,
      'net.onnx keeps its weights in a file that is missing beside it: "net.onnx.data". Put it into the same folder, under the same name.',
    ],
    [
      'weights in another folder',
      { ...identity, nodes: [node('Add', ['x', 'w'], ['y'])], initializers: [externalTensor('w', [3], '../w.data')] },
      undefined,
      'net.onnx keeps weights in "../w.data", outside of its own folder, where ONNX Runtime does not look. Put all files into one folder and save it anew: onnx.save(onnx.load(path), path, save_as_external_data=True).',
    ],
    [
      'elements that Node cannot pass',
      {
        nodes: [node('Add', ['x', 'z'], ['y'])],
        inputs: [
          { ...x, type: 'bfloat16' },
          { ...x, name: 'z', type: 'bfloat16' },
        ],
        outputs: [{ ...y, type: 'bfloat16' }],
      },
      undefined,
      'The inputs "x", "z" and the output "y" are bfloat16, which Node cannot pass. Export the model with float32 there, and a Cast to bfloat16 inside where it computes in that.',
    ],
  ])('%s', async (_, graph, head, sentence) => {
    expect(await said(graph, head)).toEqual({ inspect: sentence, boot: sentence });
  });

  it('weights that are a pointer of Git LFS', async () => {
    await writeFile(
      join(folder, 'lfs.data'),
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 99999\n',
    );
    const { inspect, boot } = await said({
      ...identity,
      nodes: [node('Add', ['x', 'w'], ['y'])],
      initializers: [externalTensor('w', [1_000], 'lfs.data')],
    });
    expect(inspect).toMatch(/^Weights of net\.onnx are in "lfs\.data", which is a Git LFS pointer.*\(of 99999 bytes\)/);
    expect(boot).toBe(inspect);
  });

  it('another file in the place of the ONNX file', async () => {
    for (const content of ['', 'version https://git-lfs.github.com/spec/v1\n', '<!doctype html>', 'random']) {
      await writeFile(path(), content);
      const inspect = await readOnnx(path()).catch((error: unknown) => (error as Error).message);
      expect(inspect).toMatch(/^net\.onnx is /);
      expect(await boot()).toBe(inspect);
    }
  });

  it('half a file', async () => {
    const whole = onnxFile({ ...identity, initializers: [initializer('w', [1_000], new Float32Array(1_000))] });
    await writeFile(path(), whole.subarray(0, 2_000));
    expect(await boot()).toMatch(/^net\.onnx is damaged or truncated: .* Get the file again/);
  });
});

it('what this version of ONNX Runtime loads is not called a problem', async () => {
  const { irVersion, opsets } = supported;
  const newest = { irVersion, opsets: { '': opsets['ai.onnx'] ?? 0, 'ai.onnx.ml': 5, 'com.microsoft': 1, unused: 7 } };
  expect(await said(identity, newest)).toEqual({ inspect: '', boot: '' });
});

it('weights that are too short for their tensors are reported at boot', async () => {
  await writeFile(join(folder, 'short.data'), 'too short');
  const { boot } = await said({
    ...identity,
    outputs: [{ ...y, shape: ['batch', 3_000] }],
    inputs: [{ ...x, shape: ['batch', 1] }],
    nodes: [node('Add', ['x', 'w'], ['y'])],
    initializers: [externalTensor('w', [3_000], 'short.data')],
  });
  expect(boot).toContain('Get both files again from one place');
});

it('what is no tensor loads, and is reported with the way to export it', async () => {
  const { inspect, boot } = await said({
    nodes: [node('SplitToSequence', ['x'], ['list']), node('Identity', ['m'], ['n'])],
    inputs: [x, { name: 'm', type: 'float32', shape: undefined, within: 'optional' }],
    outputs: [
      { name: 'list', type: 'float32', shape: undefined, within: 'sequence' },
      { name: 'n', type: 'float32', shape: undefined, within: 'optional' },
    ],
  });
  expect(inspect).toMatch(/"list" is sequence\(float32\) and no tensor, .* stacks them into one tensor \(torch\.stack/);
  expect(inspect).toMatch(
    /The input "m" and the output "n" are optional\(float32\) and no tensors, and only tensors can be passed\. .*always there/,
  );
  expect(boot).not.toContain('cannot be passed');
});

it('maps that are made elsewhere than at the end of a graph are reported with the way to export without', async () => {
  const { inspect } = await said({
    nodes: [
      node('ZipMap', ['x'], ['maps'], [listAttribute('classlabels_int64s', [0, 1, 2])], 'ai.onnx.ml'),
      node('Identity', ['maps'], ['p']),
    ],
    inputs: [x],
    outputs: [{ name: 'p', type: 'float32', shape: undefined, within: 'sequence of maps' }],
  });
  expect(inspect).toMatch(/"p" is sequence\(map\(int64, float32\)\) and no tensor, .*options={"zipmap": False}/);
});

it('a name that two tensors have, or that Node cannot pass, is reported', async () => {
  const named = (name: string): Value => ({ ...x, name });
  const { inspect } = await said({
    nodes: [node('Identity', ['x'], ['y'])],
    inputs: [x, named('__proto__'), named('a\0b'), named('')],
    outputs: [y, y],
  });
  expect(inspect.match(/"[^"]*" as the name of an \w+ is [\w ]+/g)).toEqual([
    '"__proto__" as the name of an input is one that Node cannot pass',
    '"a\\u0000b" as the name of an input is one that Node cannot pass',
    '"" as the name of an input is one that Node cannot pass',
    '"y" as the name of an output is there twice',
  ]);
});

it('names of a file steer no terminal', async () => {
  const escape = '\u001B[2J\u202Ename';
  const { inspect } = await said({
    ...identity,
    nodes: [node(escape, ['x'], ['y'], [], escape)],
    initializers: [externalTensor('w', [3], escape)],
  });
  expect(inspect).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

describe('Rows of several requests', () => {
  const batching = (first: Value['shape'], second: Value['shape']): string =>
    rowBatching({
      inputs: [{ name: 'x', type: 'float32', shape: first?.map((axis) => axis) }],
      outputs: [{ name: 'y', type: 'float32', shape: second?.map((axis) => axis) }],
    }).text;

  it('may share a run where the first axis of every tensor is free', () => {
    expect(batching(['batch', 3], ['batch'])).toContain('rows of several requests may share a run');
  });

  it('do not where a tensor has none, and it is named', () => {
    expect(batching([1, 3], ['batch'])).toContain('Each request runs alone: the input "x" has 1 as its first axis.');
    expect(batching(['batch', 3], [1])).toBe(
      'Each request runs alone: the output "y" has 1 as its first axis. If that axis counts rows, free it in Python to batch: ' +
        'model.graph.output[0].type.tensor_type.shape.dim[0].dim_param = "rows".',
    );
    expect(batching(['batch'], [])).toContain('the output "y" has no first axis');
    expect(batching(undefined, [])).toContain('the input "x" does not say how many axes it has');
  });
});

describe('The signature of a file', () => {
  it('is TypeScript, whatever its names', () => {
    expect(
      signatureSource({
        inputs: [
          { name: 'Input3', type: 'float32', shape: [1, 28, null, 'height'] },
          { name: 'input:0', type: 'int64', shape: undefined },
          { name: '__proto__', type: 'bool', shape: [] },
          { name: `'"\n*/\u2028\${x}\\`, type: 'string', shape: [`'`, 'floor(height/2)'.repeat(9)] },
        ],
        outputs: [
          { name: 'p\n} */', type: 'sequence(map(int64, float32))', shape: undefined },
          { name: '387', type: 'float16', shape: ['batch'] },
        ],
      }),
    ).toBe(String.raw`import type { SessionSignature } from '@portico/server/model';

/** The tensors of the ONNX file, as "portico inspect FILE --signature" prints them. A name or null is an axis of any length. */
export const signature = {
  inputs: {
    Input3: { type: 'float32', shape: [1, 28, null, "height"] },
    "input:0": { type: 'int64', shape: null },
    ['__proto__']: { type: 'bool', shape: [] },
    "'\"\n*/\u2028${'${x}'}\\": { type: 'string', shape: ["'", null] },
  },
  outputs: {
    // "p\n} */" is sequence(map(int64, float32)), which cannot be passed.
    "387": { type: 'float16', shape: ["batch"] },
  },
} as const satisfies SessionSignature;
`);
  });
});
