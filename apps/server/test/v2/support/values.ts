import type { datatypes } from './files.ts';

/** Values at the ends of what each datatype holds, and a few between. */
export const values = {
  BOOL: Uint8Array.of(1, 0),
  UINT8: Uint8Array.of(0, 255),
  UINT16: Uint16Array.of(0, 65_535),
  UINT32: Uint32Array.of(0, 4_294_967_295),
  UINT64: BigUint64Array.of(2n ** 53n + 1n, 2n ** 64n - 1n),
  INT8: Int8Array.of(-128, 127),
  INT16: Int16Array.of(-32_768, 32_767),
  INT32: Int32Array.of(-2_147_483_648, 2_147_483_647),
  INT64: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n),
  FP16: Uint16Array.of(0xfbff, 0x3555),
  FP32: Float32Array.of(Number.NaN, 0.1),
  FP64: Float64Array.of(-Infinity, 0.1),
  BYTES: ['', 'Grüße 🙂'],
} as const satisfies Record<keyof typeof datatypes, ArrayBufferView | readonly string[]>;
