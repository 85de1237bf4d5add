import { Failure } from '@portico/schemas';
import { OpusDecoder } from 'opus-decoder';
import { type AudioBlock, Damage, refuseFormat } from './audio-block.ts';
import { type OggPage, type OggStream, PacketJoiner } from './ogg-pages.ts';
import type { Progress } from './progress.ts';

/** Rates in hertz at which the library decodes Opus, whatever it was made from; positions in the file count samples of 48 kHz. */
const opusRates = [8_000, 12_000, 16_000, 24_000, 48_000] as const;
export type OpusSampleRate = (typeof opusRates)[number];

/** The lowest of these rates that loses nothing of what `sampleRate` can hold; 16 kHz takes half the work of 48. */
export const opusRateFor = (sampleRate: number): OpusSampleRate =>
  opusRates.find((rate) => rate >= sampleRate) ?? 48_000;

/** What the library has room for, for each channel: 120 ms of the highest bit rate that makes sense. */
const maxPacketBytes = 3_840;

/** Decodes Opus. */
export class OpusStream implements OggStream {
  readonly granuleRate = 48_000;
  readonly #packets = new PacketJoiner();
  readonly #damage: Damage;
  readonly #head: OpusHead;
  readonly #sampleRate: OpusSampleRate;
  readonly #progress: Progress;
  /** Samples of 48 kHz for each one decoded. */
  readonly #ratio: number;
  /** Made when there is something to decode. */
  #decoder: OpusDecoder<OpusSampleRate> | undefined;
  /** The packets of head and comments are still to come. */
  #heads = 2;
  #toSkip: number;
  #decoded = 0;

  /** `packet` is the stream's first. */
  constructor(packet: Uint8Array, sampleRate: OpusSampleRate, progress: Progress) {
    this.#head = opusHead(packet);
    this.#sampleRate = sampleRate;
    this.#progress = progress;
    this.#damage = new Damage(progress);
    this.#ratio = 48_000 / sampleRate;
    this.#toSkip = Math.round(this.#head.preSkip / this.#ratio);
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
    this.#progress.count(samplesDecoded, this.#sampleRate);
    const skipped = Math.min(this.#toSkip, samplesDecoded);
    this.#toSkip -= skipped;
    const kept = samplesDecoded - skipped - this.#surplus(page, samplesDecoded - skipped);
    this.#decoded += kept;
    if (kept === 0) return;
    yield { sampleRate: this.#sampleRate, channels: channelData.map((plane) => this.#amplified(plane, skipped, kept)) };
  }

  async *end(): AsyncGenerator<AudioBlock> {}

  async free(): Promise<void> {
    await this.#decoder?.ready;
    this.#decoder?.free();
  }

  async #ready(): Promise<OpusDecoder<OpusSampleRate>> {
    const { channels, streamCount, coupledStreamCount, channelMappingTable } = this.#head;
    const layout = { channels, streamCount, coupledStreamCount, channelMappingTable };
    this.#decoder ??= new OpusDecoder({ sampleRate: this.#sampleRate, ...layout });
    await this.#decoder.ready;
    return this.#decoder;
  }

  /** Samples at the end of the last page that fill up its last packet. */
  #surplus({ isLast, granule }: OggPage, samples: number): number {
    if (!isLast || granule < 0) return 0;
    const end = Math.round((granule - this.#head.preSkip) / this.#ratio);
    return Math.max(0, Math.min(this.#decoded + samples - end, samples));
  }

  #amplified(plane: Float32Array, start: number, length: number): Float32Array {
    const { gain } = this.#head;
    const samples = plane.subarray(start, start + length);
    return gain === 1 ? samples : samples.map((sample) => sample * gain);
  }
}

/** How to decode an Opus stream (RFC 7845, section 5.1). */
export interface OpusHead {
  readonly channels: number;
  /** Samples of 48 kHz to leave out at the beginning. */
  readonly preSkip: number;
  /** Factor of every sample. */
  readonly gain: number;
  readonly streamCount: number;
  readonly coupledStreamCount: number;
  readonly channelMappingTable: number[];
}

/** @throws {Failure} `BAD_INPUT` for a head that contradicts itself. */
export function opusHead(packet: Uint8Array): OpusHead {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  if (packet.length < 19) throw new Failure('BAD_INPUT', 'The head of the Opus stream is too short.');
  const channels = packet[9]!;
  refuseFormat(48_000, channels);
  const head = { channels, preSkip: view.getUint16(10, true), gain: 10 ** (view.getInt16(16, true) / (20 * 256)) };
  const coded = packet[18] === 0 ? codedStereo(channels) : codedStreams(packet, channels);
  const outputs = coded.streamCount + coded.coupledStreamCount;
  const isMapped = (output: number): boolean => output < outputs || output === 255;
  if (
    coded.streamCount < 1 ||
    coded.coupledStreamCount > coded.streamCount ||
    outputs > 255 ||
    coded.channelMappingTable.length < channels ||
    !coded.channelMappingTable.every(isMapped)
  ) {
    throw new Failure('BAD_INPUT', 'The head of the Opus stream contradicts itself.');
  }
  return { ...head, ...coded };
}

type CodedStreams = Pick<OpusHead, 'streamCount' | 'coupledStreamCount' | 'channelMappingTable'>;

/** Mapping family 0: one stream, mono or stereo. */
const codedStereo = (channels: number): CodedStreams => ({
  streamCount: 1,
  coupledStreamCount: channels - 1,
  channelMappingTable: [0, 1].slice(0, channels),
});

const codedStreams = (packet: Uint8Array, channels: number): CodedStreams => ({
  streamCount: packet[19] ?? 0,
  coupledStreamCount: packet[20] ?? 0,
  channelMappingTable: [...packet.subarray(21, 21 + channels)],
});
