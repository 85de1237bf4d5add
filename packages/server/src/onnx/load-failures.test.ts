import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Graph,
  initializer,
  integerAttribute,
  node,
  onnxFile,
  textAttribute,
  type Value,
} from '../../../../apps/server/test/onnx/onnx.ts';
import { openSession } from '../engine/sessions.ts';
import { explainLoadFailure } from './load-failures.ts';

process.env['ORT_DISABLE_TELEMETRY'] = '1';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onnx-load-failures-'));
});
afterAll(() => rm(folder, { recursive: true }));

const path = (): string => join(folder, 'net.onnx');

const value = (name: string, type: Value['type'], ...shape: (number | string)[]): Value => ({ name, type, shape });
const [x, y] = [value('x', 'float32', 'batch', 3), value('y', 'float32', 'batch', 3)];

const graph = (nodes: readonly Uint8Array[], more: Partial<Graph> = {}): Graph => ({
  nodes,
  inputs: [x],
  outputs: [y],
  ...more,
});

/** What an engine says that is to load the file. */
async function said(content: Graph, opsets: Readonly<Record<string, number>>): Promise<string> {
  await writeFile(path(), onnxFile(content, { opsets }));
  return openSession(path(), { device: 'cpu', index: 0, threads: 1 }).then(
    (session) => session.release().then(() => ''),
    (error: unknown) => (error as Error).message,
  );
}

const refused = (reason: string): string =>
  `net.onnx is refused by ONNX Runtime: ${reason} Export it again, with a newer exporter or another opset_version; in Python, ` +
  'onnx.checker.check_model("net.onnx", full_check=True) may say more.';

const recurrentWeights = [
  initializer('w', [1, 3, 1], new Float32Array(3)),
  initializer('r', [1, 3, 1], new Float32Array(3)),
];

it.each<[what: string, content: Graph, sentence: string, opsets?: Readonly<Record<string, number>>]>([
  [
    'an operator that its version of the operators lacks',
    graph([node('Foo', ['x'], ['y'])]),
    'net.onnx needs the operator Foo, which version 17 of the operators does not have. Export it again, with a newer exporter or ' +
      'another opset_version.',
  ],
  [
    'an operator of another version of ONNX Runtime',
    graph([node('Foo', ['x'], ['y'], [], 'com.microsoft')]),
    'net.onnx needs the operator Foo of com.microsoft, which this ONNX Runtime does not have. Export it again without the ' +
      'optimizations of another version of ONNX Runtime.',
    { '': 17, 'com.microsoft': 1 },
  ],
  [
    'an operator that is not implemented',
    graph([node('ImageDecoder', ['x'], ['y'])], {
      inputs: [value('x', 'uint8', 'n')],
      outputs: [value('y', 'uint8', 'height', 'width', 3)],
    }),
    'net.onnx uses ImageDecoder (version 20), which this ONNX Runtime has not implemented on this device with these types, or not at ' +
      'all. Export it with float32 or int64 there, with another opset_version, or without ImageDecoder.',
    { '': 20 },
  ],
  [
    'operators of a version that is too old',
    graph([node('Add', ['x', 'x'], ['y'])]),
    'net.onnx uses Add of version 6 of the operators, which ONNX Runtime implements from 7. Export it again with a newer one, or convert ' +
      'it in Python: onnx.version_converter.convert_version(model, 17).',
    { '': 6 },
  ],
  [
    'a recurrent layer that takes the batch first',
    graph(
      [node('GRU', ['x', 'w', 'r'], ['', 'y'], [integerAttribute('hidden_size', 1), integerAttribute('layout', 1)])],
      {
        inputs: [value('x', 'float32', 1, 1, 1)],
        outputs: [value('y', 'float32', 1, 1, 1)],
        initializers: recurrentWeights,
      },
    ),
    'net.onnx has recurrent layers with layout=1, batch first, which ONNX Runtime has not implemented: "GRU". Export it with layout=0, ' +
      'and with a Transpose before and after them.',
  ],
  [
    'a locale that the system lacks',
    graph(
      [
        node(
          'StringNormalizer',
          ['x'],
          ['y'],
          [textAttribute('case_change_action', 'LOWER'), textAttribute('locale', 'xx_XX')],
        ),
      ],
      {
        inputs: [value('x', 'string', 3)],
        outputs: [value('y', 'string', 3)],
      },
    ),
    'net.onnx has a StringNormalizer for the locale xx_XX, which this system does not have. Install it (on Debian: apt-get install ' +
      'locales, and locale-gen), or export with another: options={TfidfVectorizer: {"locale": "C.UTF-8"}} in skl2onnx.',
  ],
  [
    'two types in one operator',
    graph([node('Add', ['x', 'w'], ['y'])], { initializers: [initializer('w', [3], BigInt64Array.of(1n, 2n, 3n))] }),
    refused('Type parameter (T) of Optype (Add) bound to different types (tensor(float) and tensor(int64) in node ().'),
  ],
  [
    'another type than an operator takes',
    graph([node('Reshape', ['x', 'w'], ['y'])], { initializers: [initializer('w', [1], new Float32Array(1))] }),
    refused("Type 'tensor(float)' of input parameter (w) of operator (Reshape) in node () is invalid."),
  ],
  [
    'a missing input of an operator',
    graph([node('Add', ['x'], ['y'])]),
    refused('in Add, Node with schema(::Add:14) has input size 1 not in range [min=2, max=2].'),
  ],
  [
    'lengths that do not fit',
    graph([node('MatMul', ['x', 'w'], ['y'])], { initializers: [initializer('w', [4, 3], new Float32Array(12))] }),
    refused('in MatMul, Incompatible dimensions for matrix multiplication.'),
  ],
  [
    'a value that nothing computes',
    graph([node('Add', ['x', 'nowhere'], ['y'])]),
    refused("Node input 'nowhere' is not a graph input, initializer, or output of a previous node."),
  ],
  [
    'an output that nothing computes',
    graph([node('Identity', ['x'], ['z'])]),
    refused('Graph output (y) does not exist in the graph.'),
  ],
  [
    'a circle',
    graph([node('Add', ['x', 'z'], ['y']), node('Identity', ['y'], ['z'])]),
    refused('the graph is not acyclic.'),
  ],
  [
    'no operator set',
    graph([node('Identity', ['x'], ['y'])]),
    refused(
      'Missing opset in the model. All ModelProtos MUST have at least one entry that specifies which version of the ONNX OperatorSet is ' +
        'being imported.',
    ),
    {},
  ],
])(
  '%s is told with the operator and the cure, without the sources of ONNX Runtime',
  async (_, content, sentence, opsets = { '': 17 }) => {
    expect(await said(content, opsets)).toBe(sentence);
  },
);

it.each([
  'Exception during initialization: /onnxruntime_src/bfc_arena.cc:376 void* onnxruntime::BFCArena::Alloc(size_t) Failed to allocate memory',
  'Exception during initialization: /onnxruntime_src/cuda_call.cc:123 std::conditional_t<THRW> onnxruntime::CudaCall() CUDA failure 100',
  'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
])('what a machine lacks is not put down to the file: %s', async (message) => {
  await writeFile(path(), onnxFile(graph([node('Identity', ['x'], ['y'])])));
  const cause = new Error(message);
  expect(await explainLoadFailure(path(), cause)).toBe(cause);
});

it('a type without an implementation is named', async () => {
  await writeFile(path(), onnxFile(graph([node('Identity', ['x'], ['y'])])));
  // Recorded from ONNX Runtime 1.30 with a Cast from float16 to float4e2m1.
  const cause = new Error(
    "Failed to find kernel for Cast(25) (node:'' ep:'CPUExecutionProvider'). Op with name () domain () and type (Cast) kernel is not " +
      'supported in CPUExecutionProvider. Encountered following errors: ( Version mismatch. node_version: 25 kernel start version: 6\n' +
      'However the types are incompatible. This op has been implemented only for the following types (tensor(bool),tensor(int2),), but ' +
      'the node in the model has the following type (tensor(float4e2m1))\n)',
  );
  expect(await explainLoadFailure(path(), cause)).toEqual(
    new Error(
      'net.onnx uses Cast (version 25) with float4e2m1, which this ONNX Runtime has not implemented on this device. Export it with ' +
        'float32 or int64 there.',
    ),
  );
});
