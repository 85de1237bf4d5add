import type { Datatype } from '@portico/schemas';

/** The typed array over the values of each datatype; halves are the bits. */
const arrays = {
  BOOL: Uint8Array,
  UINT8: Uint8Array,
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
} as const;

/** The datatypes whose elements are all as long as each other. */
export type NumericDatatype = Exclude<Datatype, 'BYTES'>;
type ArrayOf<D extends NumericDatatype> = InstanceType<(typeof arrays)[D]>;

/** The values over the bytes where they are; a copy only where no typed array can be laid over them. */
export function typedView<D extends NumericDatatype>(datatype: D, bytes: Uint8Array): ArrayOf<D> {
  const { BYTES_PER_ELEMENT: size } = arrays[datatype];
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return new arrays[datatype](buffer as ArrayBuffer, byteOffset, bytes.byteLength / size) as ArrayOf<D>;
}

/** A typed array of zeros. */
export const typedArray = <D extends NumericDatatype>(datatype: D, length: number): ArrayOf<D> =>
  new arrays[datatype](length) as ArrayOf<D>;
