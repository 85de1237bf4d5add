import { bytes, integer, join } from './protobuf.ts';

/** Field numbers are those of onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const;
export type ElementType = keyof typeof elementTypes;

/** Names and types of a graph's input or output; a string is a free axis. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
  /** Undefined where the number of axes is unknown. */
  readonly shape: readonly (number | string)[] | undefined;
  /** What such tensors are in, where it is not the tensor itself. Maps are of whole numbers to tensors. */
  readonly within?: 'map' | 'optional' | 'sequence' | 'sequence of maps';
}

export interface Graph {
  readonly nodes: readonly Uint8Array[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly initializers?: readonly Uint8Array[];
}

/** One operation of a graph. */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Uint8Array[] = [],
  domain = '',
): Uint8Array {
  return join([
    ...inputs.map((name) => bytes(1, name)),
    ...outputs.map((name) => bytes(2, name)),
    bytes(4, operator),
    ...attributes.map((attribute) => bytes(5, attribute)),
    ...(domain === '' ? [] : [bytes(7, domain)]),
  ]);
}

/** An attribute that holds a graph, such as the body of a loop. */
export const graphAttribute = (name: string, body: Graph): Uint8Array =>
  join([bytes(1, name), bytes(6, graph(body)), integer(20, 5)]);

/** An attribute that is a whole number. */
export const integerAttribute = (name: string, value: number): Uint8Array =>
  join([bytes(1, name), integer(3, value), integer(20, 2)]);

/** An attribute that is a text. */
export const textAttribute = (name: string, value: string): Uint8Array =>
  join([bytes(1, name), bytes(4, value), integer(20, 3)]);

/** An attribute that is a list of texts or of whole numbers. */
export const listAttribute = (name: string, values: readonly (string | number)[]): Uint8Array =>
  join([
    bytes(1, name),
    ...values.map((value) => (typeof value === 'string' ? bytes(9, value) : integer(8, value))),
    integer(20, typeof values[0] === 'string' ? 8 : 7),
  ]);

/** A constant tensor. */
export function initializer(
  name: string,
  shape: readonly number[],
  values: Float32Array | BigInt64Array | Uint8Array,
): Uint8Array {
  const type = values instanceof Float32Array ? 'float32' : values instanceof BigInt64Array ? 'int64' : 'bool';
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return join([
    ...shape.map((length) => integer(1, length)),
    integer(2, elementTypes[type]),
    bytes(8, name),
    bytes(9, raw),
  ]);
}

/** A tensor whose values are in a file beside the ONNX file. */
export const externalTensor = (name: string, shape: readonly number[], location: string): Uint8Array =>
  join([
    ...shape.map((length) => integer(1, length)),
    integer(2, elementTypes.float32),
    bytes(8, name),
    bytes(13, property('location', location)),
    integer(14, 1),
  ]);

/** What a file says of itself. */
export interface FileHead {
  /** @default 8 */
  readonly irVersion?: number;
  /** @default 17 for the default domain */
  readonly opsets?: Readonly<Record<string, number>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly producer?: readonly [name: string, version: string];
  /** Nodes of functions by name; all in the domain `local`. */
  readonly functions?: Readonly<Record<string, readonly Uint8Array[]>>;
}

/** A whole ONNX file. */
export function onnxFile(
  main: Graph,
  { irVersion = 8, opsets = { '': 17 }, metadata = {}, producer = ['', ''], functions = {} }: FileHead = {},
): Uint8Array {
  return join([
    integer(1, irVersion),
    bytes(2, producer[0]),
    bytes(3, producer[1]),
    bytes(7, graph(main)),
    ...Object.entries(opsets).map(([domain, version]) => bytes(8, join([bytes(1, domain), integer(2, version)]))),
    ...Object.entries(metadata).map(([key, value]) => bytes(14, property(key, value))),
    ...Object.entries(functions).map(([name, nodes]) =>
      bytes(25, join([bytes(1, name), ...nodes.map((content) => bytes(7, content)), bytes(10, 'local')])),
    ),
  ]);
}

const property = (key: string, value: string): Uint8Array => join([bytes(1, key), bytes(2, value)]);

function graph({ nodes, inputs, outputs, initializers = [] }: Graph): Uint8Array {
  return join([
    ...nodes.map((content) => bytes(1, content)),
    bytes(2, 'graph'),
    ...initializers.map((content) => bytes(5, content)),
    ...inputs.map((value) => bytes(11, valueInfo(value))),
    ...outputs.map((value) => bytes(12, valueInfo(value))),
  ]);
}

function valueInfo({ name, type, shape, within }: Value): Uint8Array {
  const axes = shape?.map((length) => bytes(1, typeof length === 'number' ? integer(1, length) : bytes(2, length)));
  const tensor = bytes(
    1,
    join([integer(1, elementTypes[type]), ...(axes === undefined ? [] : [bytes(2, join(axes))])]),
  );
  const map = bytes(5, join([integer(1, elementTypes.int64), bytes(2, tensor)]));
  const types = {
    tensor,
    map,
    optional: bytes(9, bytes(1, tensor)),
    sequence: bytes(4, bytes(1, tensor)),
    'sequence of maps': bytes(4, bytes(1, map)),
  };
  return join([bytes(1, name), bytes(2, types[within ?? 'tensor'])]);
}
