import { type EncodedFile, Failure } from '@portico/schemas';
import { asciiAt } from '../ascii.ts';
import type { AudioBlock } from './audio-block.ts';
import { decodeFlac } from './flac.ts';
import { decodeMp3, firstMpegFrame, id3Length } from './mp3.ts';
import { decodeOgg } from './ogg.ts';
import { opusRateFor } from './opus.ts';
import { Progress, type RecordingLimits } from './progress.ts';
import { decodeWav } from './wav.ts';

/**
 * Decodes a WAV, MP3, FLAC or Ogg file (Opus, Vorbis or FLAC) block by block, so that the decoded recording is never held as a
 * whole. The first bytes decide the format, whatever the media type says; MP3, which has no head of its own, is recognised by frames
 * one behind another. A file that breaks off, or is damaged in places, yields what can be decoded.
 *
 * @param sampleRate the rate in hertz that is needed, 48 kHz by default: Opus has no rate of its own and is decoded at the lowest of
 * 8, 12, 16, 24 and 48 kHz that is as high. Every other format keeps its rate.
 * @returns blocks in order; their sample rate may change on the way in a chained Ogg file
 * @throws {Failure} while it is read: `BAD_INPUT` when it is none of these or damaged all over, `TOO_LARGE` when it lasts longer than
 * `maxSeconds`, `CANCELLED` once the signal is aborted.
 */
export async function* decodeAudio(
  file: EncodedFile,
  sampleRate = 48_000,
  limits: RecordingLimits = {},
): AsyncGenerator<AudioBlock> {
  try {
    yield* blocksOf(file.data, sampleRate, new Progress(limits));
  } catch (error) {
    throw failureOfDecoder(error);
  }
}

function blocksOf(data: Uint8Array, sampleRate: number, progress: Progress): AsyncGenerator<AudioBlock> {
  const tagLength = id3Length(data);
  switch (asciiAt(data, tagLength, 4)) {
    case 'RIFF':
    case 'RIFX':
    case 'RF64':
      return decodeWav(data, progress);
    case 'fLaC':
      return decodeFlac(data.subarray(tagLength), progress);
    case 'OggS':
      return decodeOgg(data.subarray(tagLength), opusRateFor(sampleRate), progress);
    default:
      if (firstMpegFrame(data, tagLength) !== undefined) return decodeMp3(data, progress);
      throw new Failure('BAD_INPUT', 'The file is not a WAV, MP3, FLAC or Ogg file.');
  }
}

/** What the libraries throw over data that no encoder wrote: writes past a buffer's end, and traps of their machine code. */
function failureOfDecoder(error: unknown): unknown {
  const isOverrun = error instanceof RangeError && error.message === 'offset is out of bounds';
  if (!isOverrun && !(error instanceof WebAssembly.RuntimeError)) return error;
  return new Failure('BAD_INPUT', 'The recording is damaged.', { cause: error });
}
