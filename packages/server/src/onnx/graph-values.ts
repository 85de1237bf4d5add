import type { PbfWriter } from 'pbf';
import { maxDepth, readMessage, wireBytes, wireVarint } from './messages.ts';

/** An input or output of a graph. */
export interface GraphTensor {
  readonly name: string;
  /** `float32`, `int64`, `string` …; for what is no tensor, words such as `sequence(map(int64, float32))`. */
  readonly type: string;
  /**
   * An axis is a length, a name, or null where it is free without a name. Undefined where the number of axes is unknown. Of a sequence
   * or an optional value it is that of the tensors in it.
   */
  readonly shape: readonly (number | string | null)[] | undefined;
  /** Of an output: the operator that computes its values, seen through those that only arrange them, such as Reshape. */
  readonly operator?: string;
  /** The operator that wraps it at the edge of the graph, such as ZipMap; without that, it is a tensor. */
  readonly unwrapped?: string;
  /** The keys of the maps that it is unwrapped from, one a column; missing where there are too many. */
  readonly labels?: readonly (string | number)[] | undefined;
}

/** ONNX's numbers of element types, in the words of ONNX Runtime. */
const elementTypes: readonly string[] = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
  'float8e8m0',
  'uint2',
  'int2',
];

/** Numbers of fields, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const typeField = { tensor: 1, sequence: 4, map: 5, sparseTensor: 8, optional: 9 } as const;

type TypeAndShape = Pick<GraphTensor, 'type' | 'shape'>;
const unknownType: TypeAndShape = { type: 'undefined', shape: undefined };

/** A ValueInfoProto. */
export function readValue(bytes: Uint8Array): GraphTensor {
  let name = '';
  let type: TypeAndShape = unknownType;
  readMessage(bytes, (field, reader) => {
    if (field === 1) name = reader.readString();
    if (field === 2) type = readType(reader.readBytes(), 0);
  });
  return { name, ...type };
}

/** A TypeProto: a tensor, or something made of tensors. */
function readType(bytes: Uint8Array, depth: number): TypeAndShape {
  if (depth > maxDepth) throw new Error(`its types are nested more than ${maxDepth} deep.`);
  let read: TypeAndShape = unknownType;
  readMessage(bytes, (field, reader) => {
    if (field === typeField.tensor) read = readTensorType(reader.readBytes());
    if (field === typeField.sequence) read = made('sequence', elementsOf(reader.readBytes(), depth));
    if (field === typeField.map) read = { ...made('map', elementsOf(reader.readBytes(), depth)), shape: undefined };
    if (field === typeField.optional) read = made('optional', elementsOf(reader.readBytes(), depth));
    if (field === typeField.sparseTensor) read = made('sparse', [readTensorType(reader.readBytes())]);
  });
  return read;
}

const made = (word: string, elements: readonly TypeAndShape[]): TypeAndShape => ({
  type: `${word}(${elements.map(({ type }) => type).join(', ')})`,
  shape: elements.at(-1)?.shape,
});

/** The types in a sequence, an optional value or a map, whose keys are plain. */
function elementsOf(bytes: Uint8Array, depth: number): TypeAndShape[] {
  const types: TypeAndShape[] = [];
  readMessage(bytes, (_, reader) => {
    if (reader.type === wireVarint) types.push({ type: elementType(reader.readVarint()), shape: undefined });
    else if (reader.type === wireBytes) types.push(readType(reader.readBytes(), depth + 1));
  });
  return types;
}

function readTensorType(bytes: Uint8Array): TypeAndShape {
  let type = 'undefined';
  let shape: (number | string | null)[] | undefined;
  readMessage(bytes, (field, reader) => {
    if (field === 1) type = elementType(reader.readVarint());
    if (field === 2) {
      const axes: (number | string | null)[] = [];
      readMessage(reader.readBytes(), (part, axis) => {
        if (part === 1) axes.push(readAxis(axis.readBytes()));
      });
      shape = axes;
    }
  });
  return { type, shape };
}

function readAxis(bytes: Uint8Array): number | string | null {
  let axis: number | string | null = null;
  readMessage(bytes, (field, reader) => {
    if (field === 1) axis = reader.readVarint(true);
    if (field === 2) axis = reader.readString();
  });
  // Some exporters write -1, or a name without letters, for an axis of any length.
  return axis === '' || (typeof axis === 'number' && axis < 0) ? null : axis;
}

const elementType = (number: number): string => elementTypes[number] ?? `type ${number}`;

/** The ValueInfoProto of a tensor. */
export function writeValue({ name, type, shape }: GraphTensor, writer: PbfWriter): void {
  writer.writeStringField(1, name);
  writer.writeMessage(
    2,
    (_, outer) => outer.writeMessage(typeField.tensor, writeTensorType, { type, shape }),
    undefined,
  );
}

function writeTensorType({ type, shape }: TypeAndShape, writer: PbfWriter): void {
  writer.writeVarintField(1, elementTypes.indexOf(type));
  if (shape !== undefined) writer.writeMessage(2, writeShape, shape);
}

function writeShape(shape: NonNullable<GraphTensor['shape']>, writer: PbfWriter): void {
  for (const length of shape) writer.writeMessage(1, writeAxis, length);
}

function writeAxis(length: number | string | null, writer: PbfWriter): void {
  if (typeof length === 'number') writer.writeVarintField(1, length);
  if (typeof length === 'string') writer.writeStringField(2, length);
}
