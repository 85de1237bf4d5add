import type { Datatype } from '@portico/schemas';

/** Fits the elements of every datatype, so that a typed array can be laid over the bytes without a copy. */
const alignment = 8;
const lengthBytes = 4;

/** A tensor without its values. */
export interface TensorHead {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** Of its values: little-endian, row-major, without padding; each text of `BYTES` after its length in four bytes. */
  readonly byteLength: number;
}

/** The parameters of an input that consists of tensors; their values follow each other in its bytes. */
export interface TensorParams {
  readonly inputs: readonly TensorHead[];
  /** Names of the requested outputs; all by default. */
  readonly outputs?: readonly string[] | undefined;
}

/** A tensor with its values as they travel. */
export interface RawTensor {
  readonly head: TensorHead;
  readonly bytes: Uint8Array;
}

/** Elements of a tensor of this shape; 1 where there is no axis. */
export const elementCount = (shape: readonly number[]): number => shape.reduce((count, length) => count * length, 1);

/**
 * An output that describes itself: the length of the head in four bytes, the heads as JSON, then the values, each tensor
 * at a multiple of eight bytes.
 */
export function packTensors(tensors: readonly RawTensor[]): Uint8Array {
  const json = encodedHeads(tensors);
  let end = aligned(lengthBytes + json.length);
  for (const { bytes } of tensors) end = aligned(end + bytes.byteLength);
  // The gaps are never read.
  const packed = Buffer.allocUnsafe(end);
  packed.writeUInt32LE(json.length, 0);
  packed.set(json, lengthBytes);
  let start = aligned(lengthBytes + json.length);
  for (const { bytes } of tensors) {
    packed.set(bytes, start);
    start = aligned(start + bytes.byteLength);
  }
  return packed;
}

/** The tensors of a packed output, their values uncopied. */
export function unpackTensors(packed: Uint8Array): RawTensor[] {
  const buffer = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const end = lengthBytes + buffer.readUInt32LE(0);
  let start = aligned(end);
  return parsedHeads(buffer.toString('utf8', lengthBytes, end)).map((head) => {
    const bytes = buffer.subarray(start, start + head.byteLength);
    start = aligned(start + head.byteLength);
    return { head, bytes };
  });
}

const aligned = (length: number): number => Math.ceil(length / alignment) * alignment;

// As a rule, each output of a model has the same heads as the previous one, so they are encoded and parsed once.

let lastHeads: readonly TensorHead[] = [];
let lastEncoded: Uint8Array = Buffer.from('[]');

function encodedHeads(tensors: readonly RawTensor[]): Uint8Array {
  if (tensors.length !== lastHeads.length || !tensors.every(({ head }, index) => isSame(head, lastHeads[index]))) {
    lastHeads = tensors.map(({ head }) => ({ ...head, shape: [...head.shape] }));
    lastEncoded = Buffer.from(JSON.stringify(lastHeads));
  }
  return lastEncoded;
}

const isSame = (one: TensorHead, other: TensorHead | undefined): boolean =>
  one.byteLength === other?.byteLength &&
  one.name === other.name &&
  one.datatype === other.datatype &&
  one.shape.length === other.shape.length &&
  one.shape.every((length, axis) => length === other.shape[axis]);

/** Several for each served model. */
const maxParsed = 64;
const parsed = new Map<string, readonly TensorHead[]>();

function parsedHeads(json: string): readonly TensorHead[] {
  const known = parsed.get(json);
  if (known !== undefined) return known;
  if (parsed.size >= maxParsed) parsed.clear();
  const heads = JSON.parse(json) as readonly TensorHead[];
  parsed.set(json, heads);
  return heads;
}
