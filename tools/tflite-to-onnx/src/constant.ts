import type { Tensor } from './tflite/read-model.ts';

/** A constant of the network, in single precision. */
export interface Constant {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** @throws when the tensor has no data, or another number of values than its shape says. */
export function constantOf({ shape, type, data }: Tensor): Constant {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const size = type === 'float16' ? 2 : 4;
  const count = shape.reduce((product, length) => product * length, 1);
  if (data.length !== count * size) throw new Error(`A constant has ${data.length} bytes, not ${count * size}.`);
  const read = {
    float32: (index: number) => view.getFloat32(4 * index, true),
    float16: (index: number) => fromHalf(view.getUint16(2 * index, true)),
    int32: (index: number) => view.getInt32(4 * index, true),
  }[type];
  return { shape, values: Float32Array.from({ length: count }, (_, index) => read(index)) };
}

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
export function fromHalf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The constant with its axes in another order: `order[k]` is the old axis that becomes axis `k`. */
export function transpose({ shape, values }: Constant, order: readonly number[]): Constant {
  const lengths = order.map((axis) => shape[axis]!);
  const strides = order.map((axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const index = lengths.map(() => 0);
  const transposed = values.map(() => {
    const value = values[index.reduce((at, position, axis) => at + position * strides[axis]!, 0)]!;
    for (let axis = index.length - 1; axis >= 0 && ++index[axis]! === lengths[axis]; axis -= 1) index[axis] = 0;
    return value;
  });
  return { shape: lengths, values: transposed };
}
