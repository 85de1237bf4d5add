import { Failure } from '@portico/schemas';
import { MPEGDecoder } from 'mpg123-decoder';
import { asciiAt } from '../ascii.ts';
import { type AudioBlock, Damage, slices } from './audio-block.ts';

/** Programs write one, or put theirs before that of another. */
const maxTags = 100;

/** Decodes MPEG audio, tags skipped; the silence that encoders add at both ends is left out where the file declares it. */
export async function* decodeMp3(file: Uint8Array): AsyncGenerator<AudioBlock> {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const damage = new Damage();
  try {
    for await (const slice of slices(file)) {
      const { channelData, samplesDecoded, sampleRate, errors } = decoder.decode(slice);
      damage.count(errors.length);
      if (samplesDecoded > 0) yield { sampleRate, channels: channelData };
    }
  } finally {
    decoder.free();
  }
}

/** Whether a file begins with eleven set bits, a layer that exists, and a bit rate and sample rate that do. */
export const startsMpegFrame = ([first = 0, second = 0, third = 0]: Uint8Array): boolean =>
  first === 0xff &&
  (second & 0xe0) === 0xe0 &&
  (second & 0x06) !== 0 &&
  (third & 0xf0) !== 0xf0 &&
  (third & 0x0c) !== 0x0c;

/**
 * Bytes that ID3v2 tags take at the head of a file, footers included; 0 where there are none. FLAC and Ogg files have them too.
 * https://id3.org/id3v2.4.0-structure
 *
 * @throws {Failure} `BAD_INPUT` for more tags than any file has.
 */
export function id3Length(file: Uint8Array): number {
  let end = 0;
  for (let tags = 0; asciiAt(file, end, 3) === 'ID3' && end + 10 <= file.length; tags += 1) {
    if (tags === maxTags) throw new Failure('BAD_INPUT', `The file begins with more than ${maxTags} ID3 tags.`);
    const hasFooter = (file[end + 5]! & 0x10) !== 0;
    // Seven bits a byte, so that no byte looks like the start of MPEG audio.
    const length = file.subarray(end + 6, end + 10).reduce((bits, byte) => (bits << 7) | (byte & 0x7f), 0);
    end += 10 + length + (hasFooter ? 10 : 0);
  }
  return end;
}
