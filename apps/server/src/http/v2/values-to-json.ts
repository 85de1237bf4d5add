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
  if (values.every(Number.isFinite)) return `[${values.join(',')}]`;
  return `[${Array.from(values, (value) => (Number.isFinite(value) ? String(value) : `"${value}"`)).join(',')}]`;
}
