import type { Datatype } from '@portico/schemas';

// The values of tensors as bytes: little-endian, row-major.

/** The typed array of each datatype; halves are their bits. */
const arrays = {
  BOOL: Uint8Array,
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  UINT64: BigUint64Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP16: Uint16Array,
  BF16: Uint16Array,
  FP32: Float32Array,
  FP64: Float64Array,
} as const;

/** The datatypes whose elements are all as long as each other. */
export type NumericDatatype = Exclude<Datatype, 'BYTES'>;
type ArrayOf<D extends NumericDatatype> = InstanceType<(typeof arrays)[D]>;

/** The values, over the same bytes; a copy only if no typed array can be laid over them. */
export function typedView<D extends NumericDatatype>(datatype: D, bytes: Uint8Array): ArrayOf<D> {
  const { BYTES_PER_ELEMENT: size } = arrays[datatype];
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return new arrays[datatype](buffer as ArrayBuffer, byteOffset, bytes.byteLength / size) as ArrayOf<D>;
}

/** A typed array of zeros. */
export const typedArray = <D extends NumericDatatype>(datatype: D, length: number): ArrayOf<D> =>
  new arrays[datatype](length) as ArrayOf<D>;

// Halves are IEEE 754 binary16: five bits of exponent, ten of fraction. Node 20 has no array of them.

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The number that 16 bits encode. */
export function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1_024) * 2 ** (exponent - 15);
}

/** The bits of the nearest half, the even one of two as near; infinity from 65520 up. */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65_520) return sign | 0x7c00;
  // Below the smallest normal number halves are multiples of one step; a result of 1024 steps is that number's bits.
  if (magnitude < 2 ** -14) return sign | nearestEven(magnitude * 2 ** 24);
  const exponent = exponentOf(magnitude);
  // A fraction that rounds up to 1024 carries into the exponent, as it should.
  return sign | (((exponent + 15) << 10) + nearestEven((magnitude / 2 ** exponent - 1) * 1_024));
}

/** The exponent of a normal number; rounded to 32 bits it could only be one too large. */
function exponentOf(magnitude: number): number {
  float[0] = magnitude;
  const exponent = ((bits[0] ?? 0) >> 23) - 127;
  return 2 ** exponent > magnitude ? exponent - 1 : exponent;
}

function nearestEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

// Texts (`BYTES`) each follow their length in four little-endian bytes.

const lengthBytes = 4;

export function packTexts(texts: readonly string[]): Uint8Array {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const packed = Buffer.allocUnsafeSlow(lengths.reduce((sum, length) => sum + lengthBytes + length, 0));
  let at = 0;
  for (const [index, text] of texts.entries()) {
    at = packed.writeUInt32LE(lengths[index] ?? 0, at);
    at += packed.write(text, at);
  }
  return packed;
}

/**
 * The texts of a model's output, some at a time: so many that they take at most `maxBytes`, or a part of one that is longer.
 */
export function* textPieces(packed: Uint8Array, maxBytes: number): Generator<TextPiece, void> {
  const buffer = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  let texts: string[] = [];
  let first = 0;
  for (let at = 0; at + lengthBytes <= buffer.length;) {
    let start = at + lengthBytes;
    const end = start + buffer.readUInt32LE(at);
    if (texts.length > 0 && end - first > maxBytes) {
      yield { texts, continues: false };
      texts = [];
      first = at;
    }
    while (end - start > maxBytes) {
      const stop = startOfCharacter(buffer, start + maxBytes);
      yield { texts: [buffer.toString('utf8', start, stop)], continues: true };
      start = stop;
      first = stop;
    }
    texts.push(buffer.toString('utf8', start, end));
    at = end;
  }
  if (texts.length > 0) yield { texts, continues: false };
}

interface TextPiece {
  readonly texts: readonly string[];
  /** Whether the first text of the next piece is the rest of the only one in this. */
  readonly continues: boolean;
}

/** Where the character at this place starts, in up to four bytes. */
function startOfCharacter(buffer: Buffer, at: number): number {
  for (let start = at; start > at - 4; start -= 1) if (((buffer[start] ?? 0) & 0xc0) !== 0x80) return start;
  return at;
}

/** The texts, or undefined where the bytes do not end with one. */
export function unpackTexts(packed: Uint8Array): string[] | undefined {
  const buffer = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const texts: string[] = [];
  let at = 0;
  while (at + lengthBytes <= buffer.length) {
    const start = at + lengthBytes;
    at = start + buffer.readUInt32LE(at);
    if (at > buffer.length) return undefined;
    texts.push(buffer.toString('utf8', start, at));
  }
  return at === buffer.length ? texts : undefined;
}
