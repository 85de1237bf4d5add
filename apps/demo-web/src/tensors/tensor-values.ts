import type { TensorDatatype, TensorValues } from '@portico/sdk';
import { halfBits, halfValue } from './half.ts';

/** The values of one tensor, as the SDK takes and returns them. */
export type Values = TensorValues[TensorDatatype];

/** What fills a tensor without any typing. */
export const fills = ['zeros', 'ones', 'random'] as const;
export type Fill = (typeof fills)[number];

type Numeric = Exclude<TensorDatatype, 'BYTES'>;

/** What cannot be taken as a tensor's values, in words. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

/** A tensor of more values is not made here: 16 MB in single precision, and a third of a second of work. */
const maxValues = 2 ** 22;

/** Random whole numbers go up to this, so that they suit as indices of small tables. */
const maxRandomInteger = 9;

const bounds: Readonly<Partial<Record<Numeric, readonly [bigint, bigint]>>> = {
  UINT8: [0n, 255n],
  UINT16: [0n, 65_535n],
  UINT32: [0n, 2n ** 32n - 1n],
  UINT64: [0n, 2n ** 64n - 1n],
  INT8: [-128n, 127n],
  INT16: [-32_768n, 32_767n],
  INT32: [-(2n ** 31n), 2n ** 31n - 1n],
  INT64: [-(2n ** 63n), 2n ** 63n - 1n],
};

/** The number of values in a tensor of this shape. */
export const countOf = (shape: readonly number[]): number => shape.reduce((count, length) => count * length, 1);

/**
 * The number of values in a tensor of this shape, if they can be made here.
 *
 * @throws {ValueError} if they are too many.
 */
export function boundedCountOf(shape: readonly number[]): number {
  const count = countOf(shape);
  if (count >= 0 && count <= maxValues) return count;
  throw new ValueError(
    `The shape ${shapeText(shape)} takes ${count.toLocaleString('en')} values; this page creates at most ${maxValues.toLocaleString('en')}.`,
  );
}

/** A shape as text; an axis of any length is -1 in the metadata. */
export const shapeText = (shape: readonly number[]): string =>
  shape.length === 0 ? 'scalar' : shape.map((length) => (length < 0 ? 'any' : length)).join(' × ');

/** The shape that a model's metadata has for a tensor, as text. */
export const announcedShapeText = ({
  shape,
  unranked,
}: {
  shape: readonly number[];
  unranked?: true | undefined;
}): string => (unranked === true ? 'any shape' : shapeText(shape));

/**
 * Reads values in row-major order: numbers separated by commas or spaces, with or without brackets; or for `BYTES` a JSON
 * array of texts, or a text per line. No digit of a 64-bit number is lost.
 *
 * @throws {ValueError} that says which value is wrong, or how many there should be.
 */
export function parseValues(datatype: TensorDatatype, shape: readonly number[], text: string): Values {
  const tokens =
    datatype === 'BYTES'
      ? textsIn(text)
      : text
          .replaceAll(/[[\],]/g, ' ')
          .split(/\s+/)
          .filter(Boolean);
  const count = boundedCountOf(shape);
  const values =
    datatype === 'BYTES'
      ? tokens
      : arrayOf(
          datatype,
          tokens.map((token, index) => parseOne(datatype, token, index)),
        );
  if (tokens.length === count) return values;
  const have = `${tokens.length} value${tokens.length === 1 ? '' : 's'}`;
  throw new ValueError(
    `There ${tokens.length === 1 ? 'is' : 'are'} ${have}; the shape ${shapeText(shape)} takes ${count}.`,
  );
}

/** Values without any typing. Random ones are from 0 to 1, or small whole numbers. */
export function fillValues(
  datatype: TensorDatatype,
  count: number,
  fill: Fill,
  random: () => number = Math.random,
): Values {
  if (datatype === 'BYTES')
    return Array.from({ length: count }, () => (fill === 'zeros' ? '' : fill === 'ones' ? '1' : 'text'));
  const whole = datatype === 'BOOL' || Object.hasOwn(bounds, datatype);
  const largest = datatype === 'BOOL' ? 1 : maxRandomInteger;
  const next = (): number => {
    if (fill !== 'random') return fill === 'ones' ? 1 : 0;
    return whole ? Math.floor(random() * (largest + 1)) : random();
  };
  return arrayOf(datatype, Array.from({ length: count }, next));
}

/** The typed array of a datatype, from numbers within its bounds. */
export function arrayOf(datatype: Numeric, values: readonly (number | bigint)[]): Values {
  const numbers = (): number[] => values.map(Number);
  switch (datatype) {
    case 'BOOL':
    case 'UINT8':
      return Uint8Array.from(numbers());
    case 'UINT16':
    case 'BF16':
      return Uint16Array.from(numbers());
    case 'UINT32':
      return Uint32Array.from(numbers());
    case 'UINT64':
      return BigUint64Array.from(values, BigInt);
    case 'INT8':
      return Int8Array.from(numbers());
    case 'INT16':
      return Int16Array.from(numbers());
    case 'INT32':
      return Int32Array.from(numbers());
    case 'INT64':
      return BigInt64Array.from(values, BigInt);
    case 'FP16':
      return Uint16Array.from(numbers(), halfBits);
    case 'FP32':
      return Float32Array.from(numbers());
    default:
      return Float64Array.from(numbers());
  }
}

/** Values as numbers; those of 64 bits may lose digits. Undefined for texts. */
export function numbersOf(datatype: TensorDatatype, values: Values): number[] | undefined {
  if (datatype === 'BYTES') return undefined;
  return Array.from(values as ArrayLike<number | bigint>, (value) =>
    datatype === 'FP16' ? halfValue(Number(value)) : Number(value),
  );
}

/** The first values as they are shown: floats to six digits, texts in quotes. */
export function valueTexts(datatype: TensorDatatype, values: Values, max: number): string[] {
  const first = values.slice(0, max);
  if (datatype === 'BYTES') return [...(first as readonly string[])].map((text) => JSON.stringify(text));
  if (datatype === 'BOOL') return [...(first as Uint8Array)].map((value) => (value === 0 ? 'false' : 'true'));
  if (!datatype.startsWith('FP')) return Array.from(first as ArrayLike<number | bigint>, String);
  return numbersOf(datatype, first)!.map((value) => String(Number(value.toPrecision(6))));
}

function parseOne(datatype: Numeric, token: string, index: number): number | bigint {
  const bound = bounds[datatype];
  if (datatype === 'BOOL') {
    if (/^(true|1)$/i.test(token)) return 1;
    if (/^(false|0)$/i.test(token)) return 0;
    throw new ValueError(`Value ${index + 1} is ${token}: expected true or false.`);
  }
  if (bound === undefined) {
    const value = /^["']?(-?Infinity|NaN)["']?$/.exec(token) ?? [token, token];
    if (value[1] !== 'NaN' && Number.isNaN(Number(value[1]))) {
      throw new ValueError(`Value ${index + 1} is ${token}: expected a number.`);
    }
    return Number(value[1]);
  }
  if (!/^-?\d+$/.test(token)) throw new ValueError(`Value ${index + 1} is ${token}: expected a whole number.`);
  const value = BigInt(token);
  if (value < bound[0] || value > bound[1]) {
    throw new ValueError(`Value ${index + 1} is ${token}: ${datatype} goes from ${bound[0]} to ${bound[1]}.`);
  }
  return value;
}

function textsIn(text: string): string[] {
  if (!text.trimStart().startsWith('[')) return text.split('\n');
  try {
    const values: unknown[] = (JSON.parse(text) as unknown[]).flat(Infinity);
    if (values.every((value) => typeof value === 'string')) return values;
  } catch {
    // Said below.
  }
  throw new ValueError('This is not a JSON array of texts. Write one, or a text per line.');
}
