/** The few protobuf wire types that ONNX files need. https://protobuf.dev/programming-guides/encoding/ */

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 128);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}

/** A field that holds an integer. */
export const integer = (field: number, value: number | bigint): Uint8Array => join([varint(field << 3), varint(value)]);

/** A field that holds bytes, text or another message. */
export function bytes(field: number, value: Uint8Array | string): Uint8Array {
  const content = typeof value === 'string' ? Buffer.from(value) : value;
  return join([varint((field << 3) | 2), varint(content.length), content]);
}

export const join = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
