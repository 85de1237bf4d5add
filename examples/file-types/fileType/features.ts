/** What the network reads of a file, as in Magika's config.min.json. */
export interface FeatureSizes {
  /** Bytes from the beginning, without white space before them. */
  readonly beginning: number;
  /** Bytes from the end, without white space after them. */
  readonly end: number;
  /** White space is looked for in so many bytes at each end. */
  readonly block: number;
  /** Stands where a file has no more bytes. */
  readonly padding: number;
}

/** What Python's `bytes.strip` removes. */
const whiteSpace = new Set([0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d]);

/** A row of the tensor: the first bytes of the file padded at their end, then the last bytes padded before them. */
export function featuresOf(file: Uint8Array, { beginning, end, block, padding }: FeatureSizes): Int32Array {
  const row = new Int32Array(beginning + end).fill(padding);
  row.set(withoutSpaceBefore(file.subarray(0, block)).subarray(0, beginning));
  const last = withoutSpaceAfter(file.subarray(Math.max(0, file.length - block)));
  const kept = last.subarray(Math.max(0, last.length - end));
  row.set(kept, row.length - kept.length);
  return row;
}

function withoutSpaceBefore(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => !whiteSpace.has(byte));
  return first < 0 ? bytes.subarray(0, 0) : bytes.subarray(first);
}

function withoutSpaceAfter(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.findLastIndex((byte) => !whiteSpace.has(byte)) + 1);
}
