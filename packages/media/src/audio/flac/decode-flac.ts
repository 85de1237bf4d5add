import type { AudioBlock } from '../audio-block.ts';
import { FlacFrameDecoder } from './frame-decoder.ts';
import { flacFrames } from './frames.ts';
import { streamInfoLength, streamSampleRate } from './stream-info.ts';

/** The marker, and the head of the first block of metadata. */
const headLength = 8;

/** Decodes a FLAC file. */
export async function* decodeFlac(file: Uint8Array): AsyncGenerator<AudioBlock> {
  const decoder = new FlacFrameDecoder(streamSampleRate(file.subarray(headLength, headLength + streamInfoLength)));
  try {
    for (const frame of flacFrames(file, metadataEnd(file))) {
      await new Promise((turn) => setImmediate(turn));
      const block = frame.length > 0 ? await decoder.decode(frame) : undefined;
      if (block !== undefined) yield block;
    }
  } finally {
    await decoder.free();
  }
}

/** Where the last block of metadata ends. */
function metadataEnd(file: Uint8Array): number {
  let at = 4;
  while (at + 4 <= file.length) {
    const isLast = file[at]! >= 0x80;
    at += 4 + file[at + 1]! * 2 ** 16 + file[at + 2]! * 2 ** 8 + file[at + 3]!;
    if (isLast) break;
  }
  return at;
}
