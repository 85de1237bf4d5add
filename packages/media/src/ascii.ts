/** Bytes of a file as Latin-1 characters; fewer where the file ends. */
export const asciiAt = (file: Uint8Array, start: number, length: number): string =>
  String.fromCharCode(...file.subarray(start, start + length));
