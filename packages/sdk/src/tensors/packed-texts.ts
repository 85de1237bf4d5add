/** `BYTES` on the wire: each text in UTF-8 after its length in four little-endian bytes. */

const lengthBytes = 4;

export function packTexts(texts: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  const encoded = texts.map((text) => encoder.encode(text));
  const packed = new Uint8Array(encoded.reduce((sum, { byteLength }) => sum + lengthBytes + byteLength, 0));
  const lengths = new DataView(packed.buffer);
  let start = 0;
  for (const bytes of encoded) {
    lengths.setUint32(start, bytes.byteLength, true);
    packed.set(bytes, start + lengthBytes);
    start += lengthBytes + bytes.byteLength;
  }
  return packed;
}

/** The texts; undefined where the bytes do not end with one, or are not UTF-8. */
export function unpackTexts(packed: Uint8Array): string[] | undefined {
  // A mark of the byte order is a character of the text like any other.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const lengths = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const texts: string[] = [];
  let start = 0;
  while (start + lengthBytes <= packed.byteLength) {
    const end = start + lengthBytes + lengths.getUint32(start, true);
    if (end > packed.byteLength) return undefined;
    try {
      texts.push(decoder.decode(packed.subarray(start + lengthBytes, end)));
    } catch {
      return undefined;
    }
    start = end;
  }
  return start === packed.byteLength ? texts : undefined;
}
