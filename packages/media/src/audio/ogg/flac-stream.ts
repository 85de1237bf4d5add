import type { AudioBlock } from '../audio-block.ts';
import { FlacFrameDecoder } from '../flac/frame-decoder.ts';
import { frameHeaderAt } from '../flac/frame-header.ts';
import { streamSampleRate } from '../flac/stream-info.ts';
import type { OggStream } from './ogg-stream.ts';
import { PacketJoiner } from './packet-joiner.ts';
import type { OggPage } from './pages.ts';

/** The mapping's own head (RFC 9639, section 10.1), and that of a block of metadata. */
const headLength = 17;

/** Decodes FLAC, of which Ogg has one frame a packet. */
export class FlacStream implements OggStream {
  readonly #decoder: FlacFrameDecoder;
  readonly #packets = new PacketJoiner();

  /** `packet` is the stream's first. */
  constructor(packet: Uint8Array) {
    this.#decoder = new FlacFrameDecoder(streamSampleRate(packet.subarray(headLength)));
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
