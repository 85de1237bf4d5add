import { halfToNumber } from '../../tensors/half-precision.ts';
import { unpackTexts } from '../../tensors/packed-texts.ts';
import type { RawTensor } from '../../tensors/tensor-head.ts';
import { type NumericDatatype, typedView } from '../../tensors/typed-view.ts';

/**
 * The values of a tensor as a flat JSON array. Whole numbers of 64 bits keep every digit; what is no number, or infinite,
 * which JSON has no number for, is a text.
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

/** What JavaScript writes as JSON has it. */
const isPlain = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0);

function floatToJson(value: number): string {
  // With a point, because Python reads -0 as a whole number, which has no sign.
  if (Object.is(value, -0)) return '-0.0';
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}
