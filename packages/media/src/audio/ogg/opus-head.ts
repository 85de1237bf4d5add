import { Failure } from '@portico/schemas';
import { refuseFormat } from '../refuse-format.ts';

/** How an Opus stream is to be decoded (RFC 7845, section 5.1). */
export interface OpusHead {
  readonly channels: number;
  /** Samples to leave out at the beginning, at 48 kHz. */
  readonly preSkip: number;
  /** What samples are to be multiplied by. */
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
