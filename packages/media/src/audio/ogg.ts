import { Failure } from '@portico/schemas';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { asciiAt } from '../ascii.ts';
import { type AudioBlock, refuseFormat } from './audio-block.ts';
import { FlacFrameDecoder, frameHeaderAt, streamSampleRate } from './flac.ts';
import { type OggPage, oggPages, type OggStream, PacketJoiner } from './ogg-pages.ts';
import { type OpusSampleRate, OpusStream } from './opus.ts';
import type { Progress } from './progress.ts';

/** Each link of a chain costs a decoder of its own. */
const maxLinks = 2_000;
/** The mapping's own head (RFC 9639, section 10.1), and that of a block of metadata. */
const flacHeadLength = 17;

/**
 * Decodes the first audio stream of an Ogg file, and of each link where files were put one behind another.
 *
 * @throws {Failure} `BAD_INPUT` when there is none in Opus, Vorbis or FLAC.
 */
export async function* decodeOgg(
  file: Uint8Array,
  opusRate: OpusSampleRate,
  progress: Progress,
): AsyncGenerator<AudioBlock> {
  let stream: OggStream | undefined;
  let serial = 0;
  let heads = true;
  let links = 0;
  try {
    for (const page of oggPages(file, progress)) {
      await progress.turn();
      // Streams that run beside one another all begin before any goes on.
      const begins = page.isFirst && (stream === undefined || !heads);
      heads = page.isFirst;
      const next = begins ? streamOf(page.pieces[0], opusRate, progress) : undefined;
      if (next !== undefined) {
        if (stream !== undefined) yield* endOf(stream);
        stream = next;
        serial = page.serial;
        links += 1;
        if (links === 1) progress.announce(granuleSpan(file), stream.granuleRate);
        if (links > maxLinks) throw new Failure('BAD_INPUT', `The Ogg file has more than ${maxLinks} links.`);
      }
      if (stream !== undefined && page.serial === serial) yield* stream.decode(page);
    }
    if (stream === undefined) {
      throw new Failure('BAD_INPUT', 'The Ogg file has no stream in Opus, Vorbis or FLAC. Convert it to one of these.');
    }
    yield* stream.end();
  } finally {
    await stream?.free();
  }
}

/** Until the first page that says how far the stream goes; before it are heads. */
const maxHeadPages = 100;

/** From the first page that says how far its stream goes to the last; what was recorded of a running programme begins anywhere. */
function granuleSpan(file: Uint8Array): number {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const granuleAt = (at: number): number => (at + 14 <= bytes.length ? Number(bytes.readBigInt64LE(at + 6)) : 0);
  let at = bytes.indexOf('OggS');
  for (let pages = 0; pages < maxHeadPages && at !== -1; pages += 1, at = bytes.indexOf('OggS', at + 1)) {
    const first = granuleAt(at);
    if (first > 0) return Math.max(0, granuleAt(bytes.lastIndexOf('OggS')) - first);
  }
  return 0;
}

async function* endOf(stream: OggStream): AsyncGenerator<AudioBlock> {
  yield* stream.end();
  await stream.free();
}

function streamOf(packet: Uint8Array | undefined, opusRate: OpusSampleRate, progress: Progress): OggStream | undefined {
  if (packet === undefined) return undefined;
  if (asciiAt(packet, 0, 8) === 'OpusHead') return new OpusStream(packet, opusRate, progress);
  if (asciiAt(packet, 0, 7) === '\u0001vorbis') return new VorbisStream(packet, progress);
  if (asciiAt(packet, 0, 5) === '\u007fFLAC') return new FlacStream(packet, progress);
  return undefined;
}

/** Decodes Vorbis. The library reads pages by itself. */
class VorbisStream implements OggStream {
  readonly granuleRate: number;
  readonly #progress: Progress;
  readonly #decoder = new OggVorbisDecoder();
  readonly #packets = new PacketJoiner();

  /** `packet` is the stream's first. */
  constructor(packet: Uint8Array, progress: Progress) {
    if (packet.length < 30) throw new Failure('BAD_INPUT', 'The head of the Vorbis stream is too short.');
    const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
    this.granuleRate = view.getUint32(12, true);
    this.#progress = progress;
    refuseFormat(this.granuleRate, packet[11]!);
  }

  async *decode(page: OggPage): AsyncGenerator<AudioBlock> {
    // The library joins packets itself; this only bounds how much of an unfinished one it holds.
    this.#packets.packets(page);
    await this.#decoder.ready;
    yield* blocks(await this.#decoder.decode(page.bytes), this.#progress);
  }

  async *end(): AsyncGenerator<AudioBlock> {
    await this.#decoder.ready;
    yield* blocks(await this.#decoder.flush(), this.#progress);
  }

  async free(): Promise<void> {
    await this.#decoder.ready;
    this.#decoder.free();
  }
}

function* blocks(
  { channelData, samplesDecoded, sampleRate, errors }: Awaited<ReturnType<OggVorbisDecoder['decode']>>,
  progress: Progress,
): Generator<AudioBlock> {
  if (errors.length > 0) progress.damaged();
  progress.count(samplesDecoded, sampleRate);
  if (samplesDecoded > 0) yield { sampleRate, channels: channelData };
}

/** Decodes FLAC, of which Ogg has one frame a packet. */
class FlacStream implements OggStream {
  readonly granuleRate: number;
  readonly #progress: Progress;
  readonly #decoder: FlacFrameDecoder;
  readonly #packets = new PacketJoiner();

  /** `packet` is the stream's first. */
  constructor(packet: Uint8Array, progress: Progress) {
    this.granuleRate = streamSampleRate(packet.subarray(flacHeadLength));
    this.#progress = progress;
    this.#decoder = new FlacFrameDecoder(this.granuleRate, progress);
  }

  async *decode(page: OggPage): AsyncGenerator<AudioBlock> {
    for (const packet of this.#packets.packets(page)) {
      // What begins otherwise is metadata.
      const block = frameHeaderAt(packet, 0) === undefined ? undefined : await this.#decoder.decode(packet);
      if (block === undefined) continue;
      this.#progress.count(block.channels[0]!.length, this.granuleRate);
      yield block;
    }
  }

  async *end(): AsyncGenerator<AudioBlock> {}

  free(): Promise<void> {
    return this.#decoder.free();
  }
}
