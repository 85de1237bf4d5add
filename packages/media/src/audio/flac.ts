import { Failure } from '@portico/schemas';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { type AudioBlock, Damage, refuseFormat } from './audio-block.ts';
import { check8, nextCheck16 } from './check-sums.ts';
import type { Progress } from './progress.ts';

/** The marker, and the head of the first block of metadata. */
const headLength = 8;
const streamInfoLength = 34;
/** 65 535 samples of eight channels at 32 bits, uncompressed, would be 2 MiB; encoders keep to 4608 samples. */
const maxFrameBytes = 1024 * 1024;

/** Decodes a FLAC file. */
export async function* decodeFlac(file: Uint8Array, progress: Progress): AsyncGenerator<AudioBlock> {
  const info = file.subarray(headLength, headLength + streamInfoLength);
  const sampleRate = streamSampleRate(info);
  progress.announce(streamSamples(info), sampleRate);
  const decoder = new FlacFrameDecoder(sampleRate, progress);
  try {
    for (const frame of flacFrames(file, metadataEnd(file))) {
      await progress.turn();
      if (frame.length === 0) progress.damaged();
      const block = frame.length > 0 ? await decoder.decode(frame) : undefined;
      if (block === undefined) continue;
      progress.count(block.channels[0]!.length, sampleRate);
      yield block;
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

/**
 * The sample rate of a stream in hertz: its frames need not contain it.
 *
 * @throws {Failure} `BAD_INPUT` when its properties are cut off, or such as no recording has.
 */
export function streamSampleRate(info: Uint8Array): number {
  if (info.length < streamInfoLength) throw new Failure('BAD_INPUT', 'The FLAC stream breaks off in its head.');
  const sampleRate = info[10]! * 2 ** 12 + info[11]! * 2 ** 4 + (info[12]! >> 4);
  refuseFormat(sampleRate, ((info[12]! >> 1) & 7) + 1);
  return sampleRate;
}

/** Samples of a stream, a number of 36 bits; 0 where its encoder did not know. */
const streamSamples = (info: Uint8Array): number =>
  (info[13]! & 15) * 2 ** 32 + new DataView(info.buffer, info.byteOffset + 14, 4).getUint32(0);

/** Decodes FLAC frame by frame. */
export class FlacFrameDecoder {
  readonly #decoder = new FLACDecoder();
  readonly #damage: Damage;
  readonly #sampleRate: number;

  /** `sampleRate` in hertz, of the stream. */
  constructor(sampleRate: number, progress: Progress) {
    this.#sampleRate = sampleRate;
    this.#damage = new Damage(progress);
  }

  /** Undefined where the frame yields no sound. */
  async decode(frame: Uint8Array): Promise<AudioBlock | undefined> {
    await this.#decoder.ready;
    const { channelData, samplesDecoded, errors } = await this.#decoder.decodeFrames([frame]);
    this.#damage.count(errors.length);
    return samplesDecoded > 0 ? { sampleRate: this.#sampleRate, channels: channelData } : undefined;
  }

  async free(): Promise<void> {
    await this.#decoder.ready;
    this.#decoder.free();
  }
}

/**
 * The whole frames of a FLAC stream, each with the right check sum; in place of a damaged one there is an empty piece.
 * Every byte is read a bounded number of times, whatever the file holds.
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
  /** Where the checksum was first right, although no frame followed: a tag may follow the last one. */
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

export interface FrameHeader {
  /** Bytes that the header takes. */
  readonly length: number;
  /** Of the frame, or of its first sample where block sizes vary. */
  readonly number: number;
  /** Of the next frame. */
  readonly nextNumber: number;
}

/** The header of a FLAC frame (RFC 9639, section 9.1) at a place, or undefined where there is none. */
export function frameHeaderAt(file: Uint8Array, at: number): FrameHeader | undefined {
  if (file[at] !== 0xff || (file[at + 1]! & 0xfe) !== 0xf8 || at + 6 > file.length) return undefined;
  const [blockCode, rateCode] = [file[at + 2]! >> 4, file[at + 2]! & 15];
  const [channelCode, depthCode] = [file[at + 3]! >> 4, (file[at + 3]! >> 1) & 7];
  if (blockCode === 0 || rateCode === 15 || channelCode > 10 || depthCode === 3 || (file[at + 3]! & 1) === 1)
    return undefined;
  const coded = codedNumber(file, at + 4);
  if (coded === undefined) return undefined;
  const sizeBytes = blockCode === 6 ? 1 : blockCode === 7 ? 2 : 0;
  const rateBytes = rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0;
  const length = 4 + coded.length + sizeBytes + rateBytes + 1;
  if (at + length > file.length || check8(file, at, at + length) !== 0) return undefined;
  const size = blockSize(blockCode, file, at + 4 + coded.length);
  const varies = (file[at + 1]! & 1) === 1;
  return { length, number: coded.value, nextNumber: coded.value + (varies ? size : 1) };
}

/** Samples of a frame. */
function blockSize(code: number, file: Uint8Array, at: number): number {
  if (code === 6) return file[at]! + 1;
  if (code === 7) return file[at]! * 256 + file[at + 1]! + 1;
  if (code === 1) return 192;
  return code < 6 ? 144 * 2 ** code : 2 ** code;
}

/** A number of up to 36 bits, coded as UTF-8 codes characters. */
function codedNumber(file: Uint8Array, at: number): { value: number; length: number } | undefined {
  const first = file[at]!;
  if (first < 0x80) return { value: first, length: 1 };
  const length = Math.clz32(~(first << 24));
  if (length < 2 || length > 7 || at + length > file.length) return undefined;
  let value = length === 7 ? 0 : first & (0x7f >> length);
  for (let next = 1; next < length; next += 1) {
    const byte = file[at + next]!;
    if ((byte & 0xc0) !== 0x80) return undefined;
    value = value * 64 + (byte & 0x3f);
  }
  return { value, length };
}
