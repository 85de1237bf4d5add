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
  const json = Buffer.from(JSON.stringify(tensors.map(({ head }) => head)));
  let end = aligned(lengthBytes + json.length);
  const starts = tensors.map(({ bytes }) => {
    const start = end;
    end = aligned(start + bytes.byteLength);
    return start;
  });
  // Not from the pool, so that it starts at a multiple of eight; the gaps are never read.
  const packed = Buffer.allocUnsafeSlow(end);
  packed.writeUInt32LE(json.length, 0);
  packed.set(json, lengthBytes);
  for (const [index, { bytes }] of tensors.entries()) packed.set(bytes, starts[index]);
  return packed;
}

/** The tensors of a packed output, their values uncopied. */
export function unpackTensors(packed: Uint8Array): RawTensor[] {
  const buffer = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const end = lengthBytes + buffer.readUInt32LE(0);
  const heads = JSON.parse(buffer.toString('utf8', lengthBytes, end)) as TensorHead[];
  let start = aligned(end);
  return heads.map((head) => {
    const bytes = buffer.subarray(start, start + head.byteLength);
    start = aligned(start + head.byteLength);
    return { head, bytes };
  });
}

const aligned = (length: number): number => Math.ceil(length / alignment) * alignment;
