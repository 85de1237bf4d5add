import { OpusDecoder } from 'opus-decoder';
import type { AudioBlock } from '../audio-block.ts';
import { Damage } from '../damage.ts';
import { type OpusHead, opusHead } from './opus-head.ts';
import type { OggStream } from './ogg-stream.ts';
import { PacketJoiner } from './packet-joiner.ts';
import type { OggPage } from './pages.ts';

/** Opus is decoded at this rate right away: half the work of 48 kHz, and resampled no more for models of speech. */
const sampleRate = 16_000;
/** Positions in the file count samples of 48 kHz. */
const perSample = 48_000 / sampleRate;
/** What the library has room for, for each channel; 120 ms of the highest bit rate that makes sense. */
const maxPacketBytes = 3_840;

/** Decodes Opus. */
export class OpusStream implements OggStream {
  readonly #packets = new PacketJoiner();
  readonly #damage = new Damage();
  readonly #head: OpusHead;
  /** Made when there is something to decode. */
  #decoder: OpusDecoder<typeof sampleRate> | undefined;
  /** The packets of head and comments are still to come. */
  #heads = 2;
  #toSkip: number;
  #decoded = 0;

  /** `packet` is the stream's first. */
  constructor(packet: Uint8Array) {
    this.#head = opusHead(packet);
    this.#toSkip = Math.round(this.#head.preSkip / perSample);
  }

  async *decode(page: OggPage): AsyncGenerator<AudioBlock> {
    const packets = this.#packets.packets(page);
    const heads = packets.splice(0, this.#heads);
    this.#heads -= heads.length;
    const sound = packets.filter(({ length }) => length > 0 && length <= maxPacketBytes * this.#head.channels);
    this.#damage.count(packets.length - sound.length);
    if (sound.length === 0) return;
    const decoder = await this.#ready();
    const { channelData, samplesDecoded, errors } = decoder.decodeFrames(sound);
    this.#damage.count(errors.length);
    const skipped = Math.min(this.#toSkip, samplesDecoded);
    this.#toSkip -= skipped;
    const kept = samplesDecoded - skipped - this.#surplus(page, samplesDecoded - skipped);
    this.#decoded += kept;
    if (kept > 0) yield { sampleRate, channels: channelData.map((plane) => this.#louder(plane, skipped, kept)) };
  }

  async *end(): AsyncGenerator<AudioBlock> {}

  async free(): Promise<void> {
    await this.#decoder?.ready;
    this.#decoder?.free();
  }

  async #ready(): Promise<OpusDecoder<typeof sampleRate>> {
    const { channels, streamCount, coupledStreamCount, channelMappingTable } = this.#head;
    const layout = { channels, streamCount, coupledStreamCount, channelMappingTable };
    this.#decoder ??= new OpusDecoder({ sampleRate, ...layout });
    await this.#decoder.ready;
    return this.#decoder;
  }

  /** Samples at the end of the last page that fill up its last packet. */
  #surplus({ isLast, granule }: OggPage, samples: number): number {
    if (!isLast || granule < 0) return 0;
    const end = Math.round((granule - this.#head.preSkip) / perSample);
    return Math.max(0, Math.min(this.#decoded + samples - end, samples));
  }

  #louder(plane: Float32Array, start: number, length: number): Float32Array {
    const { gain } = this.#head;
    const samples = plane.subarray(start, start + length);
    return gain === 1 ? samples : samples.map((sample) => sample * gain);
  }
}
