import { nextCheck16 } from '../check-sums.ts';
import { type FrameHeader, frameHeaderAt } from './frame-header.ts';

/** 65 535 samples of eight channels at 32 bits, uncompressed, would be 2 MiB; encoders keep to 4608 samples. */
const maxFrameBytes = 1024 * 1024;

/**
 * The whole frames of a FLAC stream, each with the right check sum; in place of a damaged one there is an empty piece.
 * Every byte is looked at a fixed number of times, whatever the file holds.
 */
export function* flacFrames(file: Uint8Array, from: number): Generator<Uint8Array> {
  let start = from;
  while (start < file.length) {
    const header = frameHeaderAt(file, start);
    if (header === undefined) {
      start += 1;
      if (start % maxFrameBytes === 0) yield new Uint8Array(0);
      continue;
    }
    const { end, next } = frameEnd(file, start, header);
    yield file.subarray(start, end);
    start = next;
  }
}

/** Where the frame ends, its own start if it is damaged, and where to go on. */
function frameEnd(file: Uint8Array, start: number, header: FrameHeader): { end: number; next: number } {
  const limit = Math.min(file.length, start + maxFrameBytes);
  let sum = 0;
  /** Where the check sum was right first, though no frame followed: behind the last one stands a tag at times. */
  let whole = start;
  let previous: { at: number; nextNumber: number } | undefined;
  for (let at = start; at < limit; at += 1) {
    const isInside = at > start + header.length;
    if (isInside && sum === 0 && whole === start) whole = at;
    const following = isInside && file[at] === 0xff ? frameHeaderAt(file, at) : undefined;
    if (following !== undefined) {
      if (sum === 0) return { end: at, next: at };
      if (following.number === header.nextNumber) return { end: start, next: at };
      // The stream goes on in order elsewhere: the next header is damaged, or what looked like this one was none.
      if (following.number === previous?.nextNumber) return { end: start, next: previous.at };
      previous = { at, nextNumber: following.nextNumber };
    }
    sum = nextCheck16(sum, file[at]!);
  }
  if (sum === 0) return { end: limit, next: limit };
  return { end: limit === file.length ? whole : start, next: limit };
}
