/** `BYTES` on the wire: each text in UTF-8 after its length in four little-endian bytes. */

const lengthBytes = 4;
/** UTF-8 takes at most three bytes for a unit of UTF-16. */
const maxBytes = 3;

export function packTexts(texts: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  const packed = new Uint8Array(texts.reduce((sum, { length }) => sum + lengthBytes + maxBytes * length, 0));
  const lengths = new DataView(packed.buffer);
  let start = 0;
  for (const text of texts) {
    const { written } = encoder.encodeInto(text, packed.subarray(start + lengthBytes));
    lengths.setUint32(start, written, true);
    start += lengthBytes + written;
  }
  return packed.slice(0, start);
}

/** The texts; undefined if the bytes end within one or are not UTF-8. */
export function unpackTexts(packed: Uint8Array): string[] | undefined {
  // A byte order mark is a character of the text.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const lengths = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const texts: string[] = [];
  let start = 0;
  while (start + lengthBytes <= packed.byteLength) {
    const end = start + lengthBytes + lengths.getUint32(start, true);
    try {
      texts.push(decoder.decode(packed.subarray(start + lengthBytes, end)));
    } catch {
      return undefined;
    }
    start = end;
  }
  return start === packed.byteLength ? texts : undefined;
}
