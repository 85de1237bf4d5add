import type { TensorMetadata, TensorSignature } from '@portico/schemas';
import { packTexts } from '../../tensors/packed-texts.ts';
import { elementCount, type RawTensor } from '../../tensors/tensor-head.ts';
import { typedArray } from '../../tensors/typed-view.ts';

/** A value from 0 up to 1 for each element. */
export type Values = () => number;

/** Inputs that nobody sent: `rows` along a free first axis, `free` along the others. */
export const madeUpInputs = (
  { inputs }: TensorSignature,
  { rows, free, values }: { readonly rows: number; readonly free: number; readonly values: Values },
): RawTensor[] =>
  inputs.map((input) => {
    const shape = input.shape.map((length, axis) => (length !== -1 ? length : axis === 0 ? rows : free));
    const bytes = valuesOf(input, elementCount(shape), values);
    return { head: { name: input.name, datatype: input.datatype, shape, byteLength: bytes.byteLength }, bytes };
  });

/** Whole numbers are 0 or 1, which are indices of nearly everything that is indexed. */
function valuesOf({ datatype }: TensorMetadata, length: number, values: Values): Uint8Array {
  if (datatype === 'BYTES') return packTexts(Array.from({ length }, () => String(Math.round(values()))));
  const array = typedArray(datatype, length);
  for (let index = 0; index < length; index += 1) {
    if (array instanceof BigInt64Array || array instanceof BigUint64Array) array[index] = BigInt(Math.round(values()));
    else if (array instanceof Float32Array || array instanceof Float64Array) array[index] = values();
    // The bits of the half 1 are 0x3c00; every value below is a half from 0 to 1.
    else if (datatype === 'FP16') array[index] = Math.round(values() * 0x3c00);
    else array[index] = Math.round(values());
  }
  return new Uint8Array(array.buffer);
}

export const zeros: Values = () => 0;

/** The same sequence in every engine. Constants of Numerical Recipes' linear congruential generator. */
export function scattered(): Values {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
