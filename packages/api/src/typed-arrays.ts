import { bytesFromBase64, bytesToBase64 } from './base64.ts';

/** Typed arrays by the name that travels with them. `Uint8Array` is left out: bytes go by a rule of their own. */
const kinds = {
  int8: Int8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;
type Kind = keyof typeof kinds;
type Numbers = InstanceType<(typeof kinds)[Kind]>;

const kindOf = (value: unknown): Kind | undefined =>
  (Object.keys(kinds) as Kind[]).find((kind) => value instanceof kinds[kind]);

export const isNumbers = (value: unknown): value is Numbers => ArrayBuffer.isView(value) && kindOf(value) !== undefined;

/** A typed array as `float32:` and the base64 of its bytes, little-endian as on every machine that runs this. */
export const numbersToText = (numbers: Numbers): string =>
  `${kindOf(numbers)}:${bytesToBase64(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))}`;

/** The typed array that the text stands for. Throws when it is none. */
export function numbersFromText(text: string): Numbers {
  const [kind = '', base64 = ''] = text.split(':', 2);
  if (!Object.hasOwn(kinds, kind)) throw new TypeError('There is no such typed array.');
  // Base64 is decoded into a buffer of its own, aligned for any element.
  const { buffer } = bytesFromBase64(base64);
  return new kinds[kind as Kind](buffer as ArrayBuffer);
}
