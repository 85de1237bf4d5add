import { Failure } from '@portico/schemas';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import type { AudioBlock } from '../audio-block.ts';
import { refuseFormat } from '../refuse-format.ts';
import type { OggStream } from './ogg-stream.ts';
import { PacketJoiner } from './packet-joiner.ts';
import type { OggPage } from './pages.ts';

/** Decodes Vorbis. The library takes pages apart by itself. */
export class VorbisStream implements OggStream {
  readonly #decoder = new OggVorbisDecoder();
  readonly #packets = new PacketJoiner();

  /** `packet` is the stream's first. */
  constructor(packet: Uint8Array) {
    if (packet.length < 30) throw new Failure('BAD_INPUT', 'The head of the Vorbis stream is too short.');
    const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
    refuseFormat(view.getUint32(12, true), packet[11]!);
  }

  async *decode(page: OggPage): AsyncGenerator<AudioBlock> {
    // The library holds whatever is open; here it is only bounded.
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
