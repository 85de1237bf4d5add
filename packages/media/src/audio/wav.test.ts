import { describe, expect, test } from 'vitest';
import { channelOf, decodedMono, sine } from '../testing/audio.ts';
import { pcm16, wavFile, type WavOptions } from '../testing/wav-file.ts';
import { Progress } from './progress.ts';
import { aLaw, decodeWav, muLaw } from './wav.ts';

const sampleRate = 16_000;
const wave = sine(440, sampleRate, 40_000);
const decode = (file: Uint8Array): Promise<Float32Array> => channelOf(decodeWav(file, new Progress({})));

/** The largest difference of two waves of one length. */
function farthest(found: Float32Array, expected: Float32Array): number {
  expect(found.length).toBe(expected.length);
  return found.reduce((most, sample, at) => Math.max(most, Math.abs(sample - (expected[at] ?? NaN))), 0);
}

type Write = (view: DataView, at: number, sample: number, littleEndian: boolean) => void;
const nearest = (table: Float32Array, sample: number): number =>
  table.reduce(
    (best, value, byte) => (Math.abs(value - sample) < Math.abs((table[best] ?? NaN) - sample) ? byte : best),
    0,
  );

const encodings: { name: string; tag: number; bits: number; error: number; write: Write }[] = [
  {
    name: '8 bits',
    tag: 1,
    bits: 8,
    error: 2 ** -8,
    write: (view, at, x) => view.setUint8(at, Math.round(x * 128) + 128),
  },
  {
    name: '16 bits',
    tag: 1,
    bits: 16,
    error: 2 ** -16,
    write: (view, at, x, le) => view.setInt16(at, Math.round(x * 2 ** 15), le),
  },
  {
    name: '24 bits',
    tag: 1,
    bits: 24,
    error: 2 ** -24,
    write: (view, at, x, le) => {
      const value = Math.round(x * 2 ** 23);
      const bytes = [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff];
      for (const [index, byte] of (le ? bytes : bytes.toReversed()).entries()) view.setUint8(at + index, byte);
    },
  },
  {
    name: '32 bits',
    tag: 1,
    bits: 32,
    error: 2 ** -24,
    write: (view, at, x, le) => view.setInt32(at, Math.round(x * 2 ** 31), le),
  },
  { name: 'floats', tag: 3, bits: 32, error: 0, write: (view, at, x, le) => view.setFloat32(at, x, le) },
  { name: 'doubles', tag: 3, bits: 64, error: 0, write: (view, at, x, le) => view.setFloat64(at, x, le) },
  { name: 'A-law', tag: 6, bits: 8, error: 2 ** -6, write: (view, at, x) => view.setUint8(at, nearest(aLaw, x)) },
  { name: 'µ-law', tag: 7, bits: 8, error: 2 ** -6, write: (view, at, x) => view.setUint8(at, nearest(muLaw, x)) },
];

describe.each(encodings)('$name', ({ tag, bits, error, write }) => {
  test.each([{}, { isExtensible: true }, { littleEndian: false }])('are decoded, %o', async (options) => {
    const view = new DataView(new ArrayBuffer((wave.length * bits) / 8));
    for (const [at, sample] of wave.entries()) write(view, (at * bits) / 8, sample, options.littleEndian ?? true);
    const file = wavFile(new Uint8Array(view.buffer), { sampleRate, tag, bits, ...options });
    expect(farthest(await decode(file), wave)).toBeLessThanOrEqual(error);
  });
});

describe('A WAV file', () => {
  const file = (options: Partial<WavOptions> = {}, samples = pcm16(wave)): Buffer =>
    wavFile(samples, { sampleRate, ...options });
  const list = (body: string): Buffer => Buffer.from(`LIST${String.fromCharCode(body.length)}\0\0\0${body}`, 'latin1');

  test.each([
    ['a size of 0, as streams have it', { dataSize: 0 }],
    ['the largest size, as streams have it', { dataSize: 0xffffffff }],
    ['a chunk before the samples', { before: list('INFO') }],
    ['an odd chunk, filled up', { before: Buffer.concat([list('abc'), Buffer.of(0)]) }],
    ['an odd chunk, not filled up', { before: list('abc') }],
    ['junk behind the samples', { after: Buffer.from('junk that is no chunk') }],
  ])('with %s is decoded to the sample', async (_, options) => {
    expect(farthest(await decode(file(options)), wave)).toBeLessThan(2 ** -14);
  });

  test('that breaks off is decoded as far as it goes', async () => {
    expect(await decode(file().subarray(0, 44 + 2 * 1_000 + 1))).toHaveLength(1_000);
  });

  test('of many channels keeps them apart', async () => {
    const samples = new Int16Array(30_000).map((_, at) => (at % 3) * 1_000);
    const three = wavFile(new Uint8Array(samples.buffer), { sampleRate, channels: 3 });
    expect(new Set(await channelOf(decodeWav(three, new Progress({})), 2))).toEqual(new Set([2_000 / 2 ** 15]));
  });

  test.each([
    ['a format that is not known', { tag: 2 }, /format 2 .*Convert/],
    ['no channel', { channels: 0 }, /0 channels/],
    ['too many channels', { channels: 33 }, /33 channels/],
    ['no sample rate', { sampleRate: 0 }, /sample rate of 0/],
    ['an absurd sample rate', { sampleRate: 4_000_000_000 }, /sample rate of 4000000000/],
    ['floats of 16 bits', { tag: 3, bits: 16 }, /format 3 with 16 bits/],
  ])('with %s is refused', async (_, options, message) => {
    await expect(decodedMono(file(options))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(message),
    });
  });

  test.each([
    ['samples', file().subarray(0, 36)],
    ['a format', Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE'), file().subarray(36)])],
    ['sound', file({}, new Uint8Array(0))],
  ])('without %s is refused', async (_, data) => {
    await expect(decodedMono(data)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  test('of floats that are no numbers is silent there, and what is too loud is cut', async () => {
    const samples = Float32Array.of(0.25, NaN, Infinity, -7, 1e30);
    const loud = wavFile(new Uint8Array(samples.buffer), { sampleRate, tag: 3, bits: 32 });
    expect([...(await decodedMono(loud))]).toEqual([0.25, 0, 1, -1, 1]);
  });
});

test('bytes of A-law and µ-law mean what tables 1 and 2 of G.711 say', () => {
  // Steps of 16 bits: the smallest, the largest, and one in between, of either sign.
  const sixteenBits = (table: Float32Array, byte: number): number => (table[byte] ?? NaN) * 2 ** 15;
  expect([0xd5, 0x55, 0xaa, 0x2a, 0x80, 0xf1].map((byte) => sixteenBits(aLaw, byte))).toEqual([
    8, -8, 32_256, -32_256, 5_504, 656,
  ]);
  expect([0xff, 0x7e, 0x80, 0x00, 0xe7, 0x9b].map((byte) => sixteenBits(muLaw, byte))).toEqual([
    0, -8, 32_124, -32_124, 260, 10_364,
  ]);
});
