import { z } from 'zod';
import { Datatype } from './datatype.ts';

/** The values of a tensor in row-major order. */
export type TensorData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array
  | readonly string[];

const TensorData = z.custom<TensorData>(
  (value) =>
    (ArrayBuffer.isView(value) && !(value instanceof DataView)) ||
    (Array.isArray(value) && value.every((element) => typeof element === 'string')),
  'Expected a typed array, bytes or texts',
);

export const Tensor: z.ZodType<Tensor, Tensor> = z.strictObject({
  name: z.string(),
  datatype: Datatype,
  shape: z.array(z.int().nonnegative()),
  data: TensorData,
});

/**
 * A tensor with its values. `data` is the typed array of the datatype: `Uint8Array` for `BOOL`, `Uint16Array` with the
 * bits for `FP16`; texts for `BYTES`. A `Uint8Array` will do for every datatype: the values' little-endian bytes.
 */
export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}
