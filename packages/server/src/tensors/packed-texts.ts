/** `BYTES` on the wire: each text after its length in four little-endian bytes. */

const lengthBytes = 4;

export function packTexts(texts: readonly string[]): Uint8Array {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const packed = Buffer.allocUnsafeSlow(lengths.reduce((sum, length) => sum + lengthBytes + length, 0));
  let at = 0;
  for (const [index, text] of texts.entries()) {
    at = packed.writeUInt32LE(lengths[index] ?? 0, at);
    at += packed.write(text, at);
  }
  return packed;
}

/** The texts, or undefined where the bytes do not end with one. */
export function unpackTexts(packed: Uint8Array): string[] | undefined {
  const buffer = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const texts: string[] = [];
  let at = 0;
  while (at + lengthBytes <= buffer.length) {
    const start = at + lengthBytes;
    at = start + buffer.readUInt32LE(at);
    if (at > buffer.length) return undefined;
    texts.push(buffer.toString('utf8', start, at));
  }
  return at === buffer.length ? texts : undefined;
}

/** How many texts there are, or undefined where the bytes do not end with one. */
export function countTexts(packed: Uint8Array): number | undefined {
  const buffer = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  let count = 0;
  let at = 0;
  while (at + lengthBytes <= buffer.length) {
    at += lengthBytes + buffer.readUInt32LE(at);
    count += 1;
  }
  return at === buffer.length ? count : undefined;
}
