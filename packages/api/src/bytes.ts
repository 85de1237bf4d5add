/** Chunks keep the argument list of `String.fromCharCode` below the limits of the JavaScript engines. */
const chunkSize = 0x8000;

/** Typed arrays by the name that travels with them, except `Uint8Array`, which travels as bytes. */
const numberArrays = {
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
type Kind = keyof typeof numberArrays;
type Numbers = InstanceType<(typeof numberArrays)[Kind]>;

/** Node's class, if there is one. A bundler gives a browser 22 kB of polyfill for it where it is named without `globalThis`. */
const nodeBuffer = (): typeof Buffer | undefined => (globalThis as { readonly Buffer?: typeof Buffer }).Buffer;

/** Bytes as base64, in Node and in browsers. */
export function bytesToBase64(bytes: Uint8Array): string {
  const native = nodeBuffer()?.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  if (native !== undefined) return native;
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += chunkSize) {
    parts.push(String.fromCharCode(...bytes.subarray(start, start + chunkSize)));
  }
  return btoa(parts.join(''));
}

/** The bytes of base64 text, in Node and in browsers. */
export function bytesFromBase64(text: string): Uint8Array {
  const native = nodeBuffer()?.from(text, 'base64');
  return native !== undefined
    ? new Uint8Array(native)
    : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The name of a typed array's kind; undefined for bytes and for anything else. */
export const kindOf = (value: unknown): Kind | undefined =>
  (Object.keys(numberArrays) as Kind[]).find((kind) => value instanceof numberArrays[kind]);

export const isNumbers = (value: unknown): value is Numbers => ArrayBuffer.isView(value) && kindOf(value) !== undefined;

/** A typed array as `float32:` and the base64 of its bytes, little-endian as on every machine that runs this. */
export const numbersToText = (numbers: Numbers): string =>
  `${kindOf(numbers)}:${bytesToBase64(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))}`;

/**
 * The typed array of such a text.
 *
 * @throws {TypeError} if its kind is unknown.
 * @throws {RangeError} if it ends within an element.
 */
export function numbersFromText(text: string): Numbers {
  const [kind = '', base64 = ''] = text.split(':', 2);
  if (!Object.hasOwn(numberArrays, kind)) throw new TypeError('Unknown typed array.');
  // Base64 is decoded into a buffer of its own, aligned for any element.
  const { buffer } = bytesFromBase64(base64);
  return new numberArrays[kind as Kind](buffer as ArrayBuffer);
}
