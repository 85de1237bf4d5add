import type { JsonOutputValue, JsonTensor, JsonTensorType } from '@portico/schemas';
import { Tensor, type TensorData, type TensorType } from './tensor.ts';

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
} as const;

/** A tensor to feed, of one that a client has sent and `tensorInput` has checked. */
export function tensorFromJson<Type extends JsonTensorType>(type: Type, { shape, data }: JsonTensor): Tensor<Type> {
  return new Tensor(type, valuesOf(type, data) as TensorData[Type], shape);
}

/** A tensor for a client, as `tensorOutput` describes it: null stands for NaN and infinity, and integers are exact up to 2^53. */
export function tensorToJson<Type extends JsonTensorType>(
  tensor: Tensor<Type>,
): { shape: number[]; data: JsonOutputValue<Type>[] } {
  const values: Iterable<number | bigint | string> = tensor.data;
  const data = Array.from(values, (value) => jsonValue(tensor.type, value) as JsonOutputValue<Type>);
  return { shape: [...tensor.dims], data };
}

function jsonValue(type: JsonTensorType, value: number | bigint | string): number | boolean | string | null {
  if (typeof value === 'string') return value;
  if (type === 'bool') return value === 1;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function valuesOf(type: JsonTensorType, data: JsonTensor['data']): TensorData[TensorType] {
  if (type === 'string') return data as readonly string[];
  if (type === 'bool') return Uint8Array.from(data, (value) => (value === true ? 1 : 0));
  if (type === 'int64') return BigInt64Array.from(data, (value) => BigInt(value as number));
  if (type === 'uint64') return BigUint64Array.from(data, (value) => BigInt(value as number));
  return arrays[type].from(data as readonly number[]);
}
