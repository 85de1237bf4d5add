import { Failure } from '@portico/schemas';
import { MPEGDecoder } from 'mpg123-decoder';
import { asciiAt } from '../ascii.ts';
import { type AudioBlock, Damage, slices } from './audio-block.ts';
import type { Progress } from './progress.ts';

/** Programs write one, or put theirs before that of another. */
const maxTags = 100;

/** Decodes MPEG audio, tags skipped; the silence that encoders add at both ends is left out where the file declares it. */
export async function* decodeMp3(file: Uint8Array, progress: Progress): AsyncGenerator<AudioBlock> {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const damage = new Damage(progress);
  try {
    for await (const slice of slices(file, progress)) {
      const { channelData, samplesDecoded, sampleRate, errors } = decoder.decode(slice);
      damage.count(errors.length);
      progress.count(samplesDecoded, sampleRate || 1);
      if (samplesDecoded > 0) yield { sampleRate, channels: channelData };
    }
  } finally {
    decoder.free();
  }
}

/** Recordings of radio stations begin within a frame, and some programs leave empty space behind their tags. */
const searchedBytes = 64 * 1024;
/** Frames one behind another that are no chance: of random bytes one file in a million has them. */
const consistentFrames = 3;

/**
 * Where MPEG audio begins: at a frame that others of its kind follow, or the end of the file. Undefined where there is none, in other
 * files: they have what looks like single frames, which the decoder would believe.
 */
export function firstMpegFrame(file: Uint8Array, from: number): number | undefined {
  const end = Math.min(file.length, from + searchedBytes);
  for (let at = file.indexOf(0xff, from); at !== -1 && at < end; at = file.indexOf(0xff, at + 1)) {
    if (frameChainLength(file, at) >= consistentFrames) return at;
  }
  return undefined;
}

/** Frames of one kind behind one another, at most as many as are needed; the end of the file counts as all that are missing. */
function frameChainLength(file: Uint8Array, start: number): number {
  const first = mpegFrame(file, start);
  if (first === undefined) return 0;
  let at = start + first.length;
  for (let frames = 1; frames < consistentFrames; frames += 1) {
    if (at >= file.length) return at === file.length || frames > 1 ? consistentFrames : 0;
    const next = mpegFrame(file, at);
    if (next === undefined || next.kind !== first.kind) return frames;
    at += next.length;
  }
  return consistentFrames;
}

/** Kilobits a second by the header's four bits, for MPEG 1 and 2 and their layers I to III. */
const bitRates = {
  '1-1': [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1-2': [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1-3': [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2-1': [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2-2': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
/** Hertz, of MPEG 1; halved in MPEG 2, quartered in 2.5. */
const sampleRates = [44_100, 48_000, 32_000];

interface MpegFrame {
  readonly length: number;
  /** Version, layer and sample rate, which a stream keeps. */
  readonly kind: number;
}

/** The header of a frame (ISO/IEC 11172-3, section 2.4.1.3, and 13818-3) at a place; free bit rates, which nobody uses, are none. */
function mpegFrame(file: Uint8Array, at: number): MpegFrame | undefined {
  const [sync = 0, second = 0, third = 0] = file.subarray(at, at + 3);
  const [version, layer] = [(second >> 3) & 3, 4 - ((second >> 1) & 3)];
  const sampleRate = sampleRates[(third >> 2) & 3];
  if (sync !== 0xff || (second & 0xe0) !== 0xe0 || version === 1 || layer === 4 || sampleRate === undefined)
    return undefined;
  const [isFirst, rate] = [version === 3, (third >> 4) - 1];
  const row = isFirst ? (`1-${layer}` as '1-1') : layer === 1 ? '2-1' : '2-2';
  const bitRate = bitRates[row][rate];
  if (bitRate === undefined) return undefined;
  const perSecond = sampleRate / (isFirst ? 1 : version === 2 ? 2 : 4);
  const padding = (third >> 1) & 1;
  const samples = layer === 3 && !isFirst ? 576 : 1_152;
  const length =
    layer === 1
      ? 4 * (Math.floor((12_000 * bitRate) / perSecond) + padding)
      : Math.floor((samples * 125 * bitRate) / perSecond) + padding;
  return { length, kind: (second & 0x1e) * 16 + (third & 0x0c) };
}

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
