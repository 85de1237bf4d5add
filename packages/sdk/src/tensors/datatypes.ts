import type { TensorDatatype } from './tensor.ts';

/**
 * The typed array of each datatype whose elements have one size, little-endian as on every machine that runs this. Of the
 * datatypes that share an array, the first is the array's default.
 */
export const arrays = {
  UINT8: Uint8Array,
  BOOL: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  UINT64: BigUint64Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP16: Uint16Array,
  BF16: Uint16Array,
  FP32: Float32Array,
  FP64: Float64Array,
} as const satisfies Record<Exclude<TensorDatatype, 'BYTES'>, unknown>;

export type NumericDatatype = keyof typeof arrays;

/** The default datatype of an array with this tag. */
export function defaultDatatype(tag: string): NumericDatatype | undefined {
  if (tag === 'Float16Array') return 'FP16';
  const name = tag.replace('Clamped', '');
  return (Object.keys(arrays) as NumericDatatype[]).find((datatype) => arrays[datatype].name === name);
}

export const isDatatype = (value: unknown): value is TensorDatatype =>
  value === 'BYTES' || (typeof value === 'string' && Object.hasOwn(arrays, value));

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

export const isShape = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every(isCount);

/** The number of values in a tensor of this shape. */
export const elementCount = (shape: readonly number[]): number => shape.reduce((count, length) => count * length, 1);
