import { check8, nextCheck16, nextCheck32 } from '../audio/check-sums.ts';
import type { HostileFile } from './hostile-pictures.ts';
import { wavFile } from './wav-file.ts';

type Make = (bytes: number) => Uint8Array;

const hour = 3_600;

/** Kinds of hostile recordings; each is made as large as `bytes` where its cost grows with its length. */
const kinds: Readonly<Record<string, readonly [mediaType: string, make: Make]>> = {
  'FLAC of 3 h of silence': ['audio/flac', () => silentFlac(3 * hour, 3 * hour)],
  'FLAC of 100 h of silence': ['audio/flac', () => silentFlac(100 * hour, 100 * hour)],
  'FLAC of 100 h that says nothing of it': ['audio/flac', () => silentFlac(100 * hour, 0)],
  'FLAC of a second that says 100 h': ['audio/flac', () => silentFlac(1, 100 * hour)],
  'Opus of 24 h of silence': ['audio/ogg', () => silentOpus(24 * hour)],
  'Opus of 24 h whose pages all are the last': ['audio/ogg', () => silentOpus(24 * hour, { isLast: true })],
  'Opus of 24 h without positions': ['audio/ogg', () => silentOpus(24 * hour, { granule: 0 })],
  'Ogg of many streams side by side': ['audio/ogg', (bytes) => heads(bytes, true)],
  'Ogg of many links': ['audio/ogg', (bytes) => heads(bytes, false)],
  'WAV of 8 bits at 4 kHz': ['audio/wav', (bytes) => wavFile(Buffer.alloc(bytes, 128), { sampleRate: 4_000, bits: 8 })],
  'WAV of 4 GiB by its head': [
    'audio/wav',
    () => wavFile(new Uint8Array(64), { sampleRate: 4_000, dataSize: 2 ** 32 - 2 }),
  ],
  'WAV of 1 Hz': ['audio/wav', (bytes) => wavFile(new Uint8Array(bytes), { sampleRate: 1 })],
  'WAV of 4 GHz': ['audio/wav', (bytes) => wavFile(new Uint8Array(bytes), { sampleRate: 2 ** 32 - 1 })],
  'WAV of 255 channels': [
    'audio/wav',
    (bytes) => wavFile(new Uint8Array(bytes), { sampleRate: 16_000, channels: 255 }),
  ],
  'WAV of 32 channels at 384 kHz': [
    'audio/wav',
    (bytes) => wavFile(new Uint8Array(bytes), { sampleRate: 384_000, channels: 32 }),
  ],
  'WAV at 383 999 Hz': ['audio/wav', (bytes) => wavFile(new Uint8Array(bytes), { sampleRate: 383_999 })],
  'WAV of NaN': [
    'audio/wav',
    (bytes) => wavFile(Buffer.alloc(bytes & ~7, 0xff), { sampleRate: 16_000, tag: 3, bits: 64 }),
  ],
  'WAV of infinity': [
    'audio/wav',
    (bytes) => wavFile(Buffer.alloc(bytes & ~3, Buffer.of(0, 0, 0x80, 0x7f)), { sampleRate: 16_000, tag: 3, bits: 32 }),
  ],
  'MP3 of the shortest frames': ['audio/mpeg', (bytes) => silentMp3(bytes)],
  'MP3 with a head that lies': ['audio/mpeg', (bytes) => silentMp3(Math.min(bytes, 100_000), true)],
  'MP3 of chance': ['audio/mpeg', (bytes) => noise(Math.min(bytes, 300_000))],
  'WebM called MP3': [
    'audio/mpeg',
    (bytes) => Buffer.concat([Buffer.from('1a45dfa3', 'hex'), noise(Math.min(bytes, 300_000))]),
  ],
};

/** Names of the kinds of hostile recordings. */
export const hostileRecordingNames = Object.keys(kinds);

/** One of `hostileRecordingNames`, of at most about so many bytes. */
export function hostileRecording(name: string, bytes: number): HostileFile {
  const kind = kinds[name];
  if (kind === undefined) throw new TypeError(`There is no hostile recording "${name}".`);
  return { name, mediaType: kind[0], data: kind[1](bytes) };
}

function noise(length: number): Buffer {
  let state = 1;
  return Buffer.from(Array.from({ length }, () => (state = (state * 48_271) % 2_147_483_647) % 256));
}

/** One channel at 8 kHz, in frames of 65 535 samples that are all the same: 13 bytes for 8 s. */
function silentFlac(seconds: number, announcedSeconds: number): Buffer {
  const [sampleRate, size] = [8_000, 65_535];
  const info = Buffer.alloc(34);
  info.writeUInt16BE(size, 0);
  info.writeUInt16BE(size, 2);
  const samples = announcedSeconds * sampleRate;
  info.writeUIntBE(sampleRate * 16, 10, 3);
  // 16 bits a sample, less one, across two bytes; then 36 bits of samples.
  info.writeUInt8(0xf0 + Math.floor(samples / 2 ** 32), 13);
  info.writeUInt32BE(samples % 2 ** 32, 14);
  const head = Buffer.concat([Buffer.from('fLaC', 'latin1'), Buffer.of(0x80, 0, 0, 34), info]);
  const count = Math.ceil((seconds * sampleRate) / size);
  return Buffer.concat([head, ...Array.from({ length: count }, (_, number) => flacFrame(number, size))]);
}

function flacFrame(number: number, size: number): Buffer {
  const coded = Buffer.from(String.fromCodePoint(number));
  const head = Buffer.concat([Buffer.of(0xff, 0xf8, 0x74, 0x08), coded, Buffer.of((size - 1) >> 8, (size - 1) & 255)]);
  // One subframe of a constant, 0.
  const frame = Buffer.concat([head, Buffer.of(check8(head, 0, head.length)), Buffer.of(0, 0, 0)]);
  const sum = frame.reduce((check, byte) => nextCheck16(check, byte), 0);
  return Buffer.concat([frame, Buffer.of(sum >> 8, sum & 255)]);
}

interface PageOptions {
  readonly granule: number;
  readonly isFirst?: boolean;
  readonly isLast?: boolean;
  readonly serial?: number;
}

function oggPage(packets: readonly Uint8Array[], { granule, isFirst, isLast, serial = 1 }: PageOptions): Buffer {
  const page = Buffer.concat([
    Buffer.from('OggS', 'latin1'),
    Buffer.alloc(22),
    Buffer.of(packets.length),
    Buffer.from(packets.map(({ length }) => length)),
    ...packets,
  ]);
  page[5] = (isFirst === true ? 2 : 0) + (isLast === true ? 4 : 0);
  page.writeBigInt64LE(BigInt(granule), 6);
  page.writeUInt32LE(serial, 14);
  page.writeUInt32LE(
    page.reduce((check, byte) => nextCheck32(check, byte), 0),
    22,
  );
  return page;
}

const opusHead = Buffer.from('4f707573486561640101000080bb0000000000', 'hex');
const opusTags = Buffer.from('4f7075735461677300000000000000000000', 'hex');

/** Packets of one byte, each 60 ms of nothing: 15 s in 537 bytes. */
function silentOpus(seconds: number, { isLast = false, granule }: { isLast?: boolean; granule?: number } = {}): Buffer {
  const packets = Array.from({ length: 255 }, () => Buffer.of(0x18));
  const pageSamples = 255 * 2_880;
  const count = Math.ceil((seconds * 48_000) / pageSamples);
  return Buffer.concat([
    oggPage([opusHead], { granule: 0, isFirst: true }),
    oggPage([opusTags], { granule: 0 }),
    ...Array.from({ length: count }, (_, page) =>
      oggPage(packets, { granule: granule ?? (isLast ? 1 : pageSamples * (page + 1)), isLast }),
    ),
  ]);
}

/** Streams that only begin: all at once, or each as a link behind the one before. */
function heads(bytes: number, sideBySide: boolean): Buffer {
  const count = Math.min(20_000, Math.floor(bytes / 120));
  return Buffer.concat(
    Array.from({ length: count }, (_, serial) => [
      oggPage([opusHead], { granule: 0, isFirst: true, serial }),
      ...(sideBySide ? [] : [oggPage([opusTags], { granule: 0, serial })]),
    ]).flat(),
  );
}

/** Frames of 8 kbit/s at 8 kHz, 72 bytes for 72 ms; one that lies says in the first that there are four billion. */
function silentMp3(bytes: number, lies = false): Buffer {
  const frame = Buffer.alloc(72);
  frame.set([0xff, 0xe3, 0x18, 0xc0]);
  const first = Buffer.from(frame);
  first.write('Xing\0\0\0\u0001\u00ff\u00ff\u00ff\u00ff', 13, 'latin1');
  return Buffer.concat([lies ? first : frame, Buffer.alloc(bytes - (bytes % 72), frame)]);
}
