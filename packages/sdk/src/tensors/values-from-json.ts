import { arrays, type NumericDatatype } from './datatypes.ts';
import { numberToHalf } from './half-precision.ts';
import type { TensorDatatype, TensorValues } from './tensor.ts';

/** Deeper than any shape; without a bound, arrays within arrays would be taken apart until the stack ends. */
const deepest = 64;
/** Not in JSON as numbers; spelled as in the JSON of protocol buffers. https://protobuf.dev/programming-guides/json/ */
const unspeakable = /^(?:NaN|-?Infinity)$/;

/** Values that came as JSON, flat or row by row; undefined where they are none of the datatype. */
export function valuesFromJson(datatype: TensorDatatype, data: unknown): TensorValues[TensorDatatype] | undefined {
  if (!Array.isArray(data)) return undefined;
  const flat = data.flat(deepest) as unknown[];
  if (datatype === 'BYTES') return flat.every((value) => typeof value === 'string') ? flat : undefined;
  const array = new arrays[datatype](flat.length);
  for (const [index, value] of flat.entries()) {
    const element = elementOf(datatype, value);
    if (element === undefined) return undefined;
    (array as { [index: number]: number | bigint })[index] = element;
    // What the datatype cannot hold would become another number; what it rounds is near enough.
    if (!datatype.includes('FP') && array[index] !== element) return undefined;
  }
  return array;
}

function elementOf(datatype: NumericDatatype, value: unknown): number | bigint | undefined {
  switch (datatype) {
    case 'BOOL':
      return [false, true, 0, 1].includes(value as boolean) ? Number(value) : undefined;
    case 'INT64':
    case 'UINT64':
      // A longer number has lost digits in JSON.parse already.
      return Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d{1,20}$/.test(value))
        ? BigInt(value as number | string)
        : undefined;
    case 'BF16':
      // The protocol has no JSON for it.
      return undefined;
    default: {
      const isText = datatype.includes('FP') && typeof value === 'string' && unspeakable.test(value);
      const number = isText ? Number(value) : value;
      if (typeof number !== 'number') return undefined;
      return datatype === 'FP16' ? numberToHalf(number) : number;
    }
  }
}
