import type { RawTensor, TensorHead } from './tensor-head.ts';

/** Fits the elements of every datatype, so that a typed array can be laid over the bytes where they are. */
const alignment = 8;
const lengthBytes = 4;

/**
 * An answer that describes itself: the length of the head in four bytes, the heads as JSON, then the values, each tensor
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
  // A buffer of its own, so that it starts at a multiple of eight; nobody reads the gaps.
  const packed = Buffer.allocUnsafeSlow(end);
  packed.writeUInt32LE(json.length, 0);
  packed.set(json, lengthBytes);
  for (const [index, { bytes }] of tensors.entries()) packed.set(bytes, starts[index]);
  return packed;
}

/** The tensors of a packed answer, their values uncopied. */
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
