import { type Datatype, Failure } from '@portico/schemas';
import { packTexts } from '../../tensors/packed-texts.ts';
import { elementCount } from '../../tensors/tensor-head.ts';
import { typedArray } from '../../tensors/typed-view.ts';
import { numberToHalf } from '../../tensors/half-precision.ts';
import { type AnnouncedTensor, quoted } from '../tensors/check-heads.ts';

/** Puts one element in its place; false for what is no element of the datatype. */
type Put = (value: unknown, index: number) => boolean;

/** Deeper than any shape. */
const deepest = 64;

/**
 * The bytes of values that came as JSON: a flat array, or arrays within arrays, row by row.
 * Throws `BAD_INPUT` for another number of elements than the shape has, and for what the datatype cannot hold.
 */
export function bytesFromJson(tensor: AnnouncedTensor, data: unknown): Uint8Array {
  const { datatype, shape } = tensor;
  const count = elementCount(shape);
  const { put, bytes } = collector(datatype, count);
  const fail = (detail: string): never => {
    throw new Failure('BAD_INPUT', `Input ${quoted(tensor)}: ${detail}`);
  };
  let index = 0;
  const take = (values: readonly unknown[], depth: number): void => {
    if (depth > deepest) fail('its data is nested too deeply.');
    for (const value of values) {
      if (Array.isArray(value)) {
        take(value, depth + 1);
        continue;
      }
      if (index >= count) fail(`its shape has ${count} elements, more came.`);
      if (!put(value, index)) fail(`element ${index}, ${words(value)}, is no ${datatype}.`);
      index += 1;
    }
  };
  if (datatype === 'BF16') fail('BF16 is taken as binary data only.');
  if (!Array.isArray(data)) fail('its data is no array.');
  take(data as unknown[], 1);
  if (index < count) fail(`its shape has ${count} elements, ${index} came.`);
  return bytes();
}

/** Half of a surrogate pair is no character, and UTF-8 has no bytes for it. */
const halfOfPair = /\p{Surrogate}/u;

function collector(datatype: Datatype, length: number): { put: Put; bytes: () => Uint8Array } {
  if (datatype === 'BYTES') {
    const texts: string[] = [];
    const put: Put = (value) => typeof value === 'string' && !halfOfPair.test(value) && texts.push(value) > 0;
    return { put, bytes: () => packTexts(texts) };
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

/** From here up a number rounds to no float of 32 bits: the middle between the largest one and 2 to the 128th. */
const smallestOverflow = 2 ** 128 - 2 ** 103;

/** Not in JSON as numbers; spelled as in the JSON of protocol buffers. https://protobuf.dev/programming-guides/json/ */
const unspeakable: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity, '-Infinity': -Infinity };

const putFloat =
  (overflow: number, set: (value: number, index: number) => void): Put =>
  (value, index) => {
    if (typeof value === 'number') {
      if (Math.abs(value) >= overflow) return false;
      set(value, index);
      return true;
    }
    if (typeof value !== 'string' || !Object.hasOwn(unspeakable, value)) return false;
    set(unspeakable[value] ?? 0, index);
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

function words(value: unknown): string {
  if (value !== null && typeof value === 'object') return 'an object';
  const text = typeof value === 'string' ? value.slice(0, 40) : value;
  return JSON.stringify(text) ?? 'nothing';
}
