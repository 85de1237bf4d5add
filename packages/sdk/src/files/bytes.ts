/**
 * Bytes as a view of this realm on the same memory.
 *
 * @throws {TypeError} if they have been transferred, and so are gone: a view of them would be empty.
 */
export const viewOf = (bytes: Uint8Array | ArrayBuffer): Uint8Array =>
  'buffer' in bytes ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes);

/** The bytes of a Blob of any library. jsdom's and older Blobs of React Native are read by a `FileReader` only. */
export async function bytesOfBlob(blob: Blob): Promise<Uint8Array> {
  if ('arrayBuffer' in blob) return new Uint8Array(await blob.arrayBuffer());
  const file: Blob = blob;
  if (typeof FileReader !== 'function') throw new Error('this environment cannot read a Blob: pass its bytes');
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(new Uint8Array(reader.result as ArrayBuffer)));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsArrayBuffer(file);
  });
}

/** Pieces one after the other. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.byteLength;
  }
  return joined;
}
