import { type Datatype, Failure } from '@portico/schemas';
import {
  halfToNumber,
  numberToHalf,
  type NumericDatatype,
  packTexts,
  typedArray,
  typedView,
  unpackTexts,
} from '../../tensors/values.ts';
import { elementCount, type RawTensor } from '../../tensors/raw-tensor.ts';
import { type DeclaredTensor, quoted } from '../input/tensors.ts';

/** Stores one element; false for a value that is not of the datatype. */
type Put = (value: unknown, index: number) => boolean;

/** Deeper than any shape. */
const maxDepth = 64;

/** From here up a number rounds to no float of 32 bits: half-way between the largest one and 2 to the 128th. */
const smallestOverflow = 2 ** 128 - 2 ** 103;

/** Not in JSON as numbers; spelled as in the JSON of protocol buffers. https://protobuf.dev/programming-guides/json/ */
const nonFinite: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity, '-Infinity': -Infinity };

/** Half of a surrogate pair is no character, and UTF-8 has no bytes for it. */
const halfOfPair = /\p{Surrogate}/u;

/**
 * The bytes of values that came as JSON: a flat array, or arrays within arrays, row by row.
 * Throws `BAD_INPUT` for another number of elements than the shape has, and for what the datatype cannot hold.
 */
export function bytesFromJson(tensor: DeclaredTensor, data: unknown): Uint8Array {
  const { datatype, shape } = tensor;
  const count = elementCount(shape);
  const { put, bytes } = collector(datatype, count);
  const fail = (detail: string): never => {
    throw new Failure('BAD_INPUT', `Input ${quoted(tensor)}: ${detail}`);
  };
  let index = 0;
  const take = (values: readonly unknown[], depth: number): void => {
    if (depth > maxDepth) fail('its data is nested too deeply.');
    for (const value of values) {
      if (Array.isArray(value)) {
        take(value, depth + 1);
        continue;
      }
      if (index >= count) fail(`its shape has ${count} elements, but more were sent.`);
      if (!put(value, index)) fail(`element ${index}, ${quotedValue(value)}, is not a valid ${datatype}.`);
      index += 1;
    }
  };
  if (datatype === 'BF16') fail('BF16 must be sent as binary data.');
  if (!Array.isArray(data)) fail('its data is not an array.');
  take(data as unknown[], 1);
  if (index < count) fail(`its shape has ${count} elements, but ${index} were sent.`);
  return bytes();
}

function collector(datatype: Datatype, length: number): { put: Put; bytes: () => Uint8Array } {
  if (datatype === 'BYTES') {
    const strings: string[] = [];
    const put: Put = (value) => typeof value === 'string' && !halfOfPair.test(value) && strings.push(value) > 0;
    return { put, bytes: () => packTexts(strings) };
  }
  const array = typedArray(datatype, length);
  const bytes = (): Uint8Array => new Uint8Array(array.buffer);
  if (array instanceof BigInt64Array) return { put: putLong(array, -(2n ** 63n), 2n ** 63n - 1n), bytes };
  if (array instanceof BigUint64Array) return { put: putLong(array, 0n, 2n ** 64n - 1n), bytes };
  return { put: putNumber(datatype, array), bytes };
}

function putNumber(datatype: Datatype, array: { [index: number]: number; readonly BYTES_PER_ELEMENT: number }): Put {
  switch (datatype) {
    case 'BOOL':
      return (value, index) => {
        if (typeof value !== 'boolean' && value !== 0 && value !== 1) return false;
        array[index] = Number(value);
        return true;
      };
    case 'FP16':
      return putFloat(65_520, (value, index) => (array[index] = numberToHalf(value)));
    case 'FP32':
      return putFloat(smallestOverflow, (value, index) => (array[index] = value));
    case 'FP64':
      return putFloat(Infinity, (value, index) => (array[index] = value));
    default: {
      const span = 2 ** (8 * array.BYTES_PER_ELEMENT);
      const lowest = datatype.startsWith('U') ? 0 : -span / 2;
      return (value, index) => {
        if (!Number.isInteger(value) || (value as number) < lowest || (value as number) >= lowest + span) return false;
        array[index] = value as number;
        return true;
      };
    }
  }
}

const putFloat =
  (overflow: number, set: (value: number, index: number) => void): Put =>
  (value, index) => {
    if (typeof value === 'number') {
      if (Math.abs(value) >= overflow) return false;
      set(value, index);
      return true;
    }
    if (typeof value !== 'string' || !Object.hasOwn(nonFinite, value)) return false;
    set(nonFinite[value] ?? 0, index);
    return true;
  };

/** A whole number, or the digits of one: a double holds no more than 2 to the 53rd. */
const putLong =
  (array: { [index: number]: bigint }, lowest: bigint, highest: bigint): Put =>
  (value, index) => {
    if (!Number.isInteger(value) && !(typeof value === 'string' && /^-?\d{1,20}$/.test(value))) return false;
    const long = BigInt(value as number | string);
    if (long < lowest || long > highest) return false;
    array[index] = long;
    return true;
  };

function quotedValue(value: unknown): string {
  if (value !== null && typeof value === 'object') return 'an object';
  const text = typeof value === 'string' ? value.slice(0, 40) : value;
  return JSON.stringify(text) ?? 'nothing';
}

/**
 * The values of a tensor as a flat JSON array. Integers of 64 bits keep every digit; NaN and infinities, which JSON
 * does not have, are strings.
 */
export function jsonFromBytes({ head: { datatype }, bytes }: RawTensor): string {
  switch (datatype) {
    case 'BYTES':
      return JSON.stringify(unpackTexts(bytes));
    case 'BOOL':
      return `[${Array.from(bytes, (byte) => byte !== 0).join(',')}]`;
    case 'FP16':
      return floatsToJson(Float32Array.from(typedView('FP16', bytes), halfToNumber));
    case 'FP32':
      return floatsToJson(typedView('FP32', bytes));
    case 'FP64':
      return floatsToJson(typedView('FP64', bytes));
    default:
      return `[${typedView(datatype as NumericDatatype, bytes).join(',')}]`;
  }
}

function floatsToJson(values: Float32Array | Float64Array): string {
  return values.every(isPlain) ? `[${values.join(',')}]` : `[${Array.from(values, floatToJson).join(',')}]`;
}

/** JavaScript writes it as JSON does. */
const isPlain = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0);

function floatToJson(value: number): string {
  // With a point, because Python reads -0 as an integer, which has no sign.
  if (Object.is(value, -0)) return '-0.0';
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}
