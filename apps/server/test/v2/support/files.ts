import { type ElementType, initializer, integerAttribute, listAttribute, node, onnxFile } from '../../onnx/onnx.ts';
import { counting } from '../../onnx/models.ts';

/** ONNX's words for the datatypes of the protocol. */
export const datatypes = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP16: 'float16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
} as const satisfies Record<string, ElementType>;

/** Gives back what it is given, of whatever length. */
export const echo = (type: ElementType): Uint8Array =>
  onnxFile({
    nodes: [node('Identity', ['x'], ['y'])],
    inputs: [{ name: 'x', type, shape: ['rows', 'columns'] }],
    outputs: [{ name: 'y', type, shape: ['rows', 'columns'] }],
  });

/** Gives back what it is given, of any number of axes. */
export const anyRank = (): Uint8Array =>
  onnxFile({
    nodes: [node('Identity', ['x'], ['y'])],
    inputs: [{ name: 'x', type: 'float32', shape: undefined }],
    outputs: [{ name: 'y', type: 'float32', shape: undefined }],
  });

/** `sum = a + b`, and `a` as it came; shapes may differ as far as broadcasting goes. */
export const sum = (): Uint8Array =>
  onnxFile({
    nodes: [node('Add', ['a', 'b'], ['sum']), node('Identity', ['a'], ['same'])],
    inputs: [
      { name: 'a', type: 'float32', shape: ['n'] },
      { name: 'b', type: 'float32', shape: ['m'] },
    ],
    outputs: [
      { name: 'sum', type: 'float32', shape: ['n'] },
      { name: 'same', type: 'float32', shape: ['n'] },
    ],
  });

/** `y = x + constant`, for files that differ. */
export const plus = (constant: number): Uint8Array =>
  onnxFile({
    nodes: [node('Add', ['x', 'constant'], ['y'])],
    initializers: [initializer('constant', [1], Float32Array.of(constant))],
    inputs: [{ name: 'x', type: 'float32', shape: ['rows', 2] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['rows', 2] }],
  });

/** Each row is the sum of the rows up to it: a free first axis that does not count independent rows. */
export const runningSum = (): Uint8Array =>
  onnxFile({
    nodes: [node('CumSum', ['x', 'axis'], ['y'])],
    initializers: [initializer('axis', [1], BigInt64Array.of(0n))],
    inputs: [{ name: 'x', type: 'float32', shape: ['rows', 1] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['rows', 1] }],
  });

/** Keeps the rows whose mask says so: as many as they are. */
export const chosenRows = (): Uint8Array =>
  onnxFile({
    nodes: [node('Compress', ['x', 'mask'], ['y'], [integerAttribute('axis', 0)])],
    inputs: [
      { name: 'x', type: 'float32', shape: ['rows'] },
      { name: 'mask', type: 'bool', shape: ['rows'] },
    ],
    outputs: [{ name: 'y', type: 'float32', shape: ['chosen'] }],
  });

/** Looks two words up; any other index is out of range. */
export const lookUp = (): Uint8Array =>
  onnxFile({
    nodes: [node('Gather', ['table', 'index'], ['y'])],
    initializers: [initializer('table', [2], Float32Array.of(10, 20))],
    inputs: [{ name: 'index', type: 'int64', shape: ['rows'] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['rows'] }],
  });

/** As many zeros as its input says, of any shape of two axes. */
export const expanded = (): Uint8Array =>
  onnxFile({
    nodes: [node('Expand', ['zero', 'shape'], ['y'])],
    initializers: [initializer('zero', [1], Float32Array.of(0))],
    inputs: [{ name: 'shape', type: 'int64', shape: [2] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['a', 'b'] }],
  });

/** Answers a sequence of as many tensors as come in, which no protocol here can carry. */
export const sequence = (): Uint8Array =>
  onnxFile({
    nodes: [node('SplitToSequence', ['x'], ['y'])],
    inputs: [{ name: 'x', type: 'float32', shape: ['n'] }],
    outputs: [{ name: 'y', type: 'float32', shape: [1], within: 'sequence' }],
  });

/** Doubles rows, the second output as a list of maps from class to number, as converters of scikit-learn write it. */
export const zipMap = (): Uint8Array =>
  onnxFile(
    {
      nodes: [
        node('Add', ['x', 'x'], ['scores']),
        node('ArgMax', ['scores'], ['label'], [integerAttribute('axis', 1), integerAttribute('keepdims', 0)]),
        node('ZipMap', ['scores'], ['probabilities'], [listAttribute('classlabels_int64s', [7, 9])], 'ai.onnx.ml'),
      ],
      inputs: [{ name: 'x', type: 'float32', shape: ['rows', 2] }],
      outputs: [
        { name: 'label', type: 'int64', shape: ['rows'] },
        { name: 'probabilities', type: 'float32', shape: undefined, within: 'sequence of maps' },
      ],
    },
    { opsets: { '': 17, 'ai.onnx.ml': 1 } },
  );

/** Rows of three from a flat list, so that one element, which is what a warm-up has, is refused. */
export const inThrees = (): Uint8Array =>
  onnxFile({
    nodes: [node('Reshape', ['x', 'shape'], ['y'])],
    initializers: [initializer('shape', [2], BigInt64Array.of(-1n, 3n))],
    inputs: [{ name: 'x', type: 'float32', shape: ['n'] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['rows', 3] }],
  });

/** The same text, as many times as its input says. */
export const repeated = (): Uint8Array =>
  onnxFile({
    nodes: [node('Expand', ['text', 'times'], ['y'])],
    inputs: [
      { name: 'text', type: 'string', shape: [1] },
      { name: 'times', type: 'int64', shape: [1] },
    ],
    outputs: [{ name: 'y', type: 'string', shape: ['n'] }],
  });

/** `y = x`, after counting to `trips` for each row: about a microsecond each. */
export const slow = (trips: number): Uint8Array =>
  onnxFile({
    nodes: [
      node('Shape', ['x'], ['shape']),
      node('Gather', ['shape', 'first'], ['rows']),
      node('Mul', ['rows', 'trips'], ['turns']),
      node('Loop', ['turns', 'yes', 'zero'], ['count'], [counting]),
      node('Mul', ['count', 'zero'], ['nothing']),
      node('Add', ['x', 'nothing'], ['y']),
    ],
    initializers: [
      initializer('first', [], BigInt64Array.of(0n)),
      initializer('trips', [], BigInt64Array.of(BigInt(trips))),
      initializer('yes', [], Uint8Array.of(1)),
      initializer('zero', [1], Float32Array.of(0)),
      initializer('one', [1], Float32Array.of(1)),
    ],
    inputs: [{ name: 'x', type: 'float32', shape: ['rows', 2] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['rows', 2] }],
  });
