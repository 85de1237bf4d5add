import { Failure } from '@portico/schemas';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { asciiAt } from '../ascii.ts';
import { type AudioBlock, refuseFormat } from './audio-block.ts';
import { FlacFrameDecoder, frameHeaderAt, streamSampleRate } from './flac.ts';
import { type OggPage, oggPages, type OggStream, PacketJoiner } from './ogg-pages.ts';
import { type OpusSampleRate, OpusStream } from './opus.ts';

/** Each link of a chain costs a decoder of its own. */
const maxLinks = 2_000;
/** The mapping's own head (RFC 9639, section 10.1), and that of a block of metadata. */
const flacHeadLength = 17;

/**
 * Decodes the first audio stream of an Ogg file, and of each link where files were put one behind another.
 *
 * @throws {Failure} `BAD_INPUT` when there is none in Opus, Vorbis or FLAC.
 */
export async function* decodeOgg(file: Uint8Array, opusRate: OpusSampleRate): AsyncGenerator<AudioBlock> {
  let stream: OggStream | undefined;
  let serial = 0;
  let heads = true;
  let links = 0;
  try {
    for (const page of oggPages(file)) {
      await new Promise((turn) => setImmediate(turn));
      // Streams that run beside one another all begin before any goes on.
      const begins = page.isFirst && (stream === undefined || !heads);
      heads = page.isFirst;
      const next = begins ? streamOf(page.pieces[0], opusRate) : undefined;
      if (next !== undefined) {
        if (stream !== undefined) yield* endOf(stream);
        stream = next;
        serial = page.serial;
        links += 1;
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

async function* endOf(stream: OggStream): AsyncGenerator<AudioBlock> {
  yield* stream.end();
  await stream.free();
}

function streamOf(packet: Uint8Array | undefined, opusRate: OpusSampleRate): OggStream | undefined {
  if (packet === undefined) return undefined;
  if (asciiAt(packet, 0, 8) === 'OpusHead') return new OpusStream(packet, opusRate);
  if (asciiAt(packet, 0, 7) === '\u0001vorbis') return new VorbisStream(packet);
  if (asciiAt(packet, 0, 5) === '\u007fFLAC') return new FlacStream(packet);
  return undefined;
}

/** Decodes Vorbis. The library reads pages by itself. */
class VorbisStream implements OggStream {
  readonly #decoder = new OggVorbisDecoder();
  readonly #packets = new PacketJoiner();

  /** `packet` is the stream's first. */
  constructor(packet: Uint8Array) {
    if (packet.length < 30) throw new Failure('BAD_INPUT', 'The head of the Vorbis stream is too short.');
    const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
    refuseFormat(view.getUint32(12, true), packet[11]!);
  }

  async *decode(page: OggPage): AsyncGenerator<AudioBlock> {
    // The library joins packets itself; this only bounds how much of an unfinished one it holds.
    this.#packets.packets(page);
    await this.#decoder.ready;
    yield* blocks(await this.#decoder.decode(page.bytes));
  }

  async *end(): AsyncGenerator<AudioBlock> {
    await this.#decoder.ready;
    yield* blocks(await this.#decoder.flush());
  }

  async free(): Promise<void> {
    await this.#decoder.ready;
    this.#decoder.free();
  }
}

function* blocks(decoded: Awaited<ReturnType<OggVorbisDecoder['decode']>>): Generator<AudioBlock> {
  const { channelData, samplesDecoded, sampleRate } = decoded;
  if (samplesDecoded > 0) yield { sampleRate, channels: channelData };
}

/** Decodes FLAC, of which Ogg has one frame a packet. */
class FlacStream implements OggStream {
  readonly #decoder: FlacFrameDecoder;
  readonly #packets = new PacketJoiner();

  /** `packet` is the stream's first. */
  constructor(packet: Uint8Array) {
    this.#decoder = new FlacFrameDecoder(streamSampleRate(packet.subarray(flacHeadLength)));
  }

  async *decode(page: OggPage): AsyncGenerator<AudioBlock> {
    for (const packet of this.#packets.packets(page)) {
      // What begins otherwise is metadata.
      const block = frameHeaderAt(packet, 0) === undefined ? undefined : await this.#decoder.decode(packet);
      if (block !== undefined) yield block;
    }
  }

  async *end(): AsyncGenerator<AudioBlock> {}

  free(): Promise<void> {
    return this.#decoder.free();
  }
}
