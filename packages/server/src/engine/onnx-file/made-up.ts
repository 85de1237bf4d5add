import type { TensorMetadata, TensorSignature } from '@portico/schemas';
import { packTexts } from '../../tensors/packed-texts.ts';
import { elementCount, type RawTensor } from '../../tensors/tensor-head.ts';
import { numberToHalf } from '../../tensors/half-precision.ts';
import { typedArray } from '../../tensors/typed-view.ts';

/** A value from 0 up to 1 for each element. */
export type Values = () => number;

/** Lowest and highest value of fractions, and of whole numbers. */
export interface Ranges {
  readonly fractions: Range;
  readonly wholes: Range;
}
type Range = readonly [lowest: number, highest: number];

interface MadeUp {
  readonly rows: number;
  readonly free: number;
  readonly values: Values;
  readonly ranges?: Ranges;
}

/** Whole numbers of 0 or 1 are indices of nearly everything that is indexed. */
export const mildRanges: Ranges = { fractions: [0, 1], wholes: [0, 1] };

/** Inputs that nobody sent: `rows` along a free first axis, `free` along the others. */
export const madeUpInputs = (
  { inputs }: TensorSignature,
  { rows, free, values, ranges = mildRanges }: MadeUp,
): RawTensor[] =>
  inputs.map((input) => {
    const shape = input.shape.map((length, axis) => (length !== -1 ? length : axis === 0 ? rows : free));
    const bytes = valuesOf(input, elementCount(shape), values, ranges);
    return { head: { name: input.name, datatype: input.datatype, shape, byteLength: bytes.byteLength }, bytes };
  });

function valuesOf({ datatype }: TensorMetadata, length: number, values: Values, ranges: Ranges): Uint8Array {
  const fraction = (): number => between(ranges.fractions, values());
  const whole = (): number => Math.round(between(ranges.wholes, values()));
  if (datatype === 'BYTES') return packTexts(Array.from({ length }, () => String(whole())));
  const array = typedArray(datatype, length);
  for (let index = 0; index < length; index += 1) {
    if (array instanceof BigInt64Array || array instanceof BigUint64Array) array[index] = BigInt(whole());
    else if (array instanceof Float32Array || array instanceof Float64Array) array[index] = fraction();
    else if (datatype === 'FP16') array[index] = numberToHalf(fraction());
    else if (datatype === 'BOOL') array[index] = Math.round(values());
    else array[index] = whole();
  }
  return new Uint8Array(array.buffer);
}

const between = ([lowest, highest]: Range, part: number): number => lowest + part * (highest - lowest);

export const zeros: Values = () => 0;

/** The same sequence in every engine. Constants of Numerical Recipes' linear congruential generator. */
export function scattered(): Values {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
