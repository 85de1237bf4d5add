import { beforeAll, describe, expect, test } from 'vitest';
import { collect, decodedMono, speechFile, speechLength } from '../testing/audio.ts';
import { monoAudio } from './mono-audio.ts';
import { oggPages, PacketJoiner } from './ogg-pages.ts';
import { opusHead, opusRateFor } from './opus.ts';
import { Progress } from './progress.ts';

let opus: Buffer;
let vorbis: Buffer;
beforeAll(async () => {
  opus = await speechFile('opus');
  vorbis = await speechFile('ogg');
});

describe('Pages', () => {
  test('hold the whole file, and the check sum of each is right', () => {
    const pages = [...oggPages(opus, new Progress({}))];
    expect(Buffer.concat(pages.map(({ bytes }) => bytes)).equals(opus)).toBe(true);
    expect([pages[0]?.isFirst, pages.at(-1)?.isLast]).toEqual([true, true]);
  });

  test('that are damaged are left out', () => {
    const pages = [...oggPages(opus, new Progress({}))];
    for (const [index, page] of pages.entries()) {
      const damaged = Buffer.from(opus);
      const last = page.bytes.byteOffset - opus.byteOffset + page.bytes.length - 1;
      damaged[last] = ~(damaged[last] ?? NaN);
      expect([...oggPages(damaged, new Progress({}))].length, `page ${index}`).toBe(pages.length - 1);
    }
  });

  test('whose heads interrupt each other, none of them whole, are refused', async () => {
    const heads = Buffer.alloc(200_000, Buffer.from('OggS\xff\xff\xff\xff\xff\xff', 'latin1'));
    await expect(decodedMono(Buffer.concat([opus, heads]))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: 'More than 1000 pieces of the recording are damaged.',
    });
  });
});

describe('A chain', () => {
  test('of the same file repeats it', async () => {
    const samples = await decodedMono(Buffer.concat([opus, opus, opus]));
    expect(samples).toHaveLength(3 * speechLength);
    const [first, third] = [samples.slice(0, speechLength), samples.slice(2 * speechLength)];
    expect(third).toEqual(first);
  });

  test('of several codecs and rates decodes in order', async () => {
    const samples = await decodedMono(Buffer.concat([vorbis, opus, vorbis]));
    expect(samples).toHaveLength(3 * speechLength);
    expect(samples.slice(speechLength, 2 * speechLength)).toEqual(await decodedMono(opus));
  });

  test('of endless heads is refused', async () => {
    const heads = [...oggPages(opus, new Progress({}))].slice(0, 2).map(({ bytes }) => bytes);
    const links = Buffer.concat(Array.from({ length: 2_001 }, () => heads).flat());
    await expect(decodedMono(links)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/2000 links/),
    });
  });
});

describe('The packets of a stream', () => {
  const page = (pieces: readonly string[], more: { isContinued?: boolean; isOpen?: boolean } = {}) => ({
    serial: 1,
    isFirst: false,
    isLast: false,
    granule: 0,
    bytes: new Uint8Array(0),
    isContinued: false,
    isOpen: false,
    pieces: pieces.map((piece) => Buffer.from(piece)),
    ...more,
  });
  const words = (packets: readonly Uint8Array[]): string[] => packets.map((packet) => Buffer.from(packet).toString());

  test('are put together over pages', () => {
    const joiner = new PacketJoiner();
    expect(words(joiner.packets(page(['a', 'b'], { isOpen: true })))).toEqual(['a']);
    expect(words(joiner.packets(page(['c'], { isContinued: true, isOpen: true })))).toEqual([]);
    expect(words(joiner.packets(page(['d', 'e'], { isContinued: true })))).toEqual(['bcd', 'e']);
  });

  test('whose head or end is lost are left out', () => {
    const joiner = new PacketJoiner();
    expect(words(joiner.packets(page(['a', 'b'], { isContinued: true, isOpen: true })))).toEqual([]);
    expect(words(joiner.packets(page(['c'])))).toEqual(['c']);
  });

  test('are refused when they never end', () => {
    const joiner = new PacketJoiner();
    const endless = page(['x'.repeat(65_025)], { isContinued: true, isOpen: true });
    joiner.packets(page(['x'], { isOpen: true }));
    expect(() => {
      for (let pages = 0; pages < 300; pages += 1) joiner.packets(endless);
    }).toThrow('too large');
  });
});

describe('The head of an Opus stream', () => {
  const head = (channels: number, ...rest: number[]): Buffer =>
    Buffer.from([...Buffer.from('OpusHead'), 1, channels, 0x38, 1, 0x80, 0xbb, 0, 0, 0, 1, ...rest]);

  test('has channels, samples to skip and gain', () => {
    expect(opusHead(head(2, 0))).toEqual({
      channels: 2,
      preSkip: 312,
      gain: 10 ** (1 / 20),
      streamCount: 1,
      coupledStreamCount: 1,
      channelMappingTable: [0, 1],
    });
    expect(opusHead(head(3, 1, 2, 1, 0, 2, 1)).channelMappingTable).toEqual([0, 2, 1]);
  });

  test.each([
    ['no channels', head(0, 0)],
    ['more streams than there may be', head(3, 0)],
    ['no streams', head(1, 1, 0, 0, 0)],
    ['more coupled streams than streams', head(2, 1, 1, 2, 0, 1)],
    ['a channel of a stream that is not there', head(2, 1, 1, 0, 0, 1)],
    ['channels that are not mapped', head(3, 1, 2, 1, 0)],
    ['an end too soon', head(2).subarray(0, 18)],
  ])('with %s is refused', (_, packet) => {
    expect(() => opusHead(packet)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
});

describe('Opus', () => {
  test('is decoded at its lowest rate that is as high as the one needed', () => {
    expect([4_000, 8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000].map(opusRateFor)).toEqual([
      8_000, 8_000, 12_000, 16_000, 24_000, 48_000, 48_000, 48_000,
    ]);
  });

  test.each([8_000, 12_000, 24_000, 44_100, 48_000])('is as long at %i Hz', async (sampleRate) => {
    const samples = await collect(monoAudio({ data: opus, mediaType: 'audio/ogg' }, sampleRate));
    expect(Math.abs(samples.length - (speechLength * sampleRate) / 16_000)).toBeLessThanOrEqual(3);
  });
});
