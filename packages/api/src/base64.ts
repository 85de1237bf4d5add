/** Chunks keep `String.fromCharCode`'s argument list below the engines' limits. */
const chunkSize = 0x8000;

/** Bytes as base64, in Node and in browsers. */
export function bytesToBase64(bytes: Uint8Array): string {
  if (typeof Buffer !== 'undefined') {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  }
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += chunkSize) {
    parts.push(String.fromCharCode(...bytes.subarray(start, start + chunkSize)));
  }
  return btoa(parts.join(''));
}

/** The bytes that base64 text stands for, in Node and in browsers. */
export function bytesFromBase64(text: string): Uint8Array {
  if (typeof Buffer !== 'undefined') return new Uint8Array(Buffer.from(text, 'base64'));
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
