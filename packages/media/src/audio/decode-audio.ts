import { Failure } from '@portico/schemas';
import type { EncodedFile } from '@portico/schemas';
import { asciiAt } from './ascii-at.ts';
import type { AudioBlock } from './audio-block.ts';
import { decodeFlac } from './flac/decode-flac.ts';
import { failureOfDecoder } from './failure-of-decoder.ts';
import { id3Length } from './id3-length.ts';
import { decodeMp3 } from './mp3/decode-mp3.ts';
import { decodeOgg } from './ogg/decode-ogg.ts';
import { decodeWav } from './wav/decode-wav.ts';

/**
 * Decodes a recording block by block, so that it is never held as a whole. What it is, its first bytes decide.
 * A file that breaks off, or is damaged in places, yields what can be decoded.
 *
 * @throws {Failure} `BAD_INPUT` when it is none of WAV, MP3, FLAC and Ogg with Opus, Vorbis or FLAC, or damaged all over.
 */
export async function* decodeAudio(file: EncodedFile): AsyncGenerator<AudioBlock> {
  try {
    yield* blocks(file);
  } catch (error) {
    throw failureOfDecoder(error);
  }
}

function blocks({ data, mediaType }: EncodedFile): AsyncGenerator<AudioBlock> {
  const tags = id3Length(data);
  switch (asciiAt(data, tags, 4)) {
    case 'RIFF':
    case 'RIFX':
    case 'RF64':
      return decodeWav(data);
    case 'fLaC':
      return decodeFlac(data.subarray(tags));
    case 'OggS':
      return decodeOgg(data.subarray(tags));
    default:
      if (tags > 0 || startsMpegFrame(data) || mediaType === 'audio/mpeg') return decodeMp3(data);
      throw new Failure('BAD_INPUT', 'The file is not a WAV, MP3, FLAC or Ogg file.');
  }
}

/** Eleven set bits, a layer that exists, and a bit rate and sample rate that do. */
const startsMpegFrame = ([first = 0, second = 0, third = 0]: Uint8Array): boolean =>
  first === 0xff &&
  (second & 0xe0) === 0xe0 &&
  (second & 0x06) !== 0 &&
  (third & 0xf0) !== 0xf0 &&
  (third & 0x0c) !== 0x0c;
