import { type Datatype, Failure } from '@portico/schemas';
import {
  halfToNumber,
  numberToHalf,
  type NumericDatatype,
  packTexts,
  typedArray,
  typedView,
  textPieces,
} from '../../tensors/values.ts';
import { elementCount, type RawTensor } from '../../tensors/raw-tensor.ts';
import { type DeclaredTensor, quoted } from '../input/tensors.ts';
import { Turn } from '../input/turn.ts';
import { readFloats } from './float-arrays.ts';
import { chunksOf } from './json-chunks.ts';
import { keepsDigits, NonFinite, parseExactly, parseJson } from './parse-json.ts';

/** Stores one element; false for a value that is not of the datatype. */
type Put = (value: unknown, index: number) => boolean;

/** Written in a millisecond. */
export const valuesPerPiece = 4_096;
export const textBytesPerPiece = 128 * 1024;

/** Of JSON that is parsed in one piece: a text takes 10 ms. */
const maxInputTextBytes = 1024 * 1024;
/** Numbers are short, and in long ones digits and texts are looked for before they are parsed. */
const maxInputNumberBytes = 64 * 1024;

/** Of JSON with floats that is read at once. */
const maxFloatBytes = 64 * 1024;

/** Deeper than any shape. */
const maxDepth = 64;

/** From here up a number rounds to no float of 32 bits: half-way between the largest one and 2 to the 128th. */
const smallestOverflow = 2 ** 128 - 2 ** 103;

/** Not in JSON as numbers; spelled as in the JSON of protocol buffers. https://protobuf.dev/programming-guides/json/ */
const nonFinite = new Map([NaN, Infinity, -Infinity].map((value) => [String(value), value]));

/** Half of a surrogate pair is no character, and UTF-8 has no bytes for it. */
const halfOfPair = /\p{Surrogate}/u;

/**
 * The bytes of values that came as JSON: a flat array, or arrays within arrays, row by row.
 * Throws `BAD_INPUT` for another number of elements than the shape has, and for what the datatype cannot hold.
 */
export function bytesFromParsed(tensor: DeclaredTensor, data: unknown): Uint8Array {
  const values = new Values(tensor);
  if (!Array.isArray(data)) throw values.failure('its data is not an array.');
  values.take(data);
  return values.bytes();
}

/** The bytes of many values, which are parsed in turns. Throws as `bytesFromParsed` does. */
export async function bytesFromJson(tensor: DeclaredTensor, json: Buffer): Promise<Uint8Array> {
  const values = new Values(tensor);
  const parse = keepsDigits(tensor.datatype) ? parseExactly : parseJson;
  const turn = new Turn();
  for (const chunk of chunksOf(json, tensor.datatype === 'BYTES' ? maxInputTextBytes : maxInputNumberBytes)) {
    const parsed = parse(chunk);
    if (!Array.isArray(parsed)) throw values.failure('its data is not an array.');
    values.take(parsed);
    if (turn.isOver) await turn.next();
  }
  return values.bytes();
}

/** The bytes of a short, flat array of floats; undefined for any other JSON, right or wrong. */
export function floatsFromJson({ datatype, shape }: DeclaredTensor, json: Buffer): Uint8Array | undefined {
  if (json.length > maxFloatBytes) return undefined;
  // A number and what follows it take at least two bytes.
  const count = elementCount(shape);
  if ((datatype !== 'FP32' && datatype !== 'FP64') || count > json.length / 2) return undefined;
  const values = datatype === 'FP32' ? new Float32Array(count) : new Float64Array(count);
  const overflow = datatype === 'FP32' ? smallestOverflow : Infinity;
  return readFloats(json, values, overflow) ? new Uint8Array(values.buffer) : undefined;
}

/** The values of one input as they come out of JSON. */
class Values {
  readonly #tensor: DeclaredTensor;
  readonly #count: number;
  readonly #collector: ReturnType<typeof collector>;
  #index = 0;

  constructor(tensor: DeclaredTensor) {
    this.#tensor = tensor;
    this.#count = elementCount(tensor.shape);
    if (tensor.datatype === 'BF16') throw this.failure('BF16 must be sent as binary data.');
    this.#collector = collector(tensor.datatype, this.#count);
  }

  failure(detail: string): Failure {
    return new Failure('BAD_INPUT', `Input ${quoted(this.#tensor)}: ${detail}`);
  }

  take(values: readonly unknown[], depth = 1): void {
    if (depth > maxDepth) throw this.failure('its data is nested too deeply.');
    for (const value of values) {
      if (Array.isArray(value)) {
        this.take(value, depth + 1);
        continue;
      }
      if (this.#index >= this.#count) throw this.failure(`its shape has ${this.#count} elements, but more were sent.`);
      if (!this.#collector.put(value, this.#index))
        throw this.failure(`element ${this.#index}, ${quotedValue(value)}, ${this.#mistake(value)}`);
      this.#index += 1;
    }
  }

  #mistake(value: unknown): string {
    const { datatype } = this.#tensor;
    const mistake = `is not a valid ${datatype}.`;
    // JavaScript's JSON.stringify and Python's orjson write it for both.
    return value === null && datatype.startsWith('FP')
      ? `${mistake} If it was NaN or infinite, send "NaN" or "Infinity", or binary data.`
      : mistake;
  }

  bytes(): Uint8Array {
    if (this.#index < this.#count)
      throw this.failure(`its shape has ${this.#count} elements, but ${this.#index} were sent.`);
    return this.#collector.bytes();
  }
}

function collector(datatype: Datatype, length: number): { put: Put; bytes: () => Uint8Array } {
  if (datatype === 'BYTES') {
    const packed: Uint8Array[] = [];
    let strings: string[] = [];
    const put: Put = (value) => {
      if (typeof value !== 'string' || halfOfPair.test(value)) return false;
      // Some at a time, as they come.
      if (strings.push(value) === valuesPerPiece) {
        packed.push(packTexts(strings));
        strings = [];
      }
      return true;
    };
    return { put, bytes: () => Buffer.concat([...packed, packTexts(strings)]) };
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
    const special = typeof value === 'string' ? nonFinite.get(value) : value instanceof NonFinite && value.value;
    if (typeof special !== 'number') return false;
    set(special, index);
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
  if (value instanceof NonFinite) return String(value.value);
  if (value !== null && typeof value === 'object') return 'an object';
  const text = typeof value === 'string' ? value.slice(0, 40) : value;
  return JSON.stringify(text) ?? 'nothing';
}

/**
 * The values of a tensor as a flat JSON array, in pieces that are each written in a millisecond or less. Integers of 64 bits
 * keep every digit; NaN and infinities, which JSON does not have, are strings.
 */
export function* jsonFromBytes({ head: { datatype }, bytes }: RawTensor): Generator<string, void> {
  yield '[';
  if (datatype === 'BYTES') yield* textsToJson(bytes);
  else {
    const values = typedView(datatype, bytes);
    for (let start = 0; start < values.length; start += valuesPerPiece) {
      const piece = values.subarray(start, start + valuesPerPiece);
      yield `${start === 0 ? '' : ','}${numbersToJson(datatype, piece)}`;
    }
  }
  yield ']';
}

function* textsToJson(packed: Uint8Array): Generator<string, void> {
  let separator = '';
  let isRest = false;
  for (const { texts, continues } of textPieces(packed, textBytesPerPiece)) {
    const json = texts.map((text) => JSON.stringify(text)).join(',');
    yield `${separator}${json.slice(isRest ? 1 : 0, continues ? -1 : undefined)}`;
    separator = continues ? '' : ',';
    isRest = continues;
  }
}

/** Numbers of a tensor, separated by commas. */
export function numbersToJson(datatype: NumericDatatype, values: ReturnType<typeof typedView>): string {
  if (datatype === 'BOOL') return Array.from(values as Uint8Array, (byte) => byte !== 0).join(',');
  if (datatype === 'FP16') return floatsToJson(Float32Array.from(values as Uint16Array, halfToNumber));
  if (values instanceof Float32Array || values instanceof Float64Array) return floatsToJson(values);
  return values.join(',');
}

const floatsToJson = (values: Float32Array | Float64Array): string =>
  values.every(isPlain) ? values.join(',') : Array.from(values, floatToJson).join(',');

/** JavaScript writes it as JSON does. */
const isPlain = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0);

function floatToJson(value: number): string {
  // With a point, because Python reads -0 as an integer, which has no sign.
  if (Object.is(value, -0)) return '-0.0';
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}
