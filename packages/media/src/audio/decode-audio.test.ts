import { beforeAll, describe, expect, test, vi } from 'vitest';
import { decodedMono, isDamaged, speechFile, speechLength } from '../testing/audio.ts';
import { wavFile } from '../testing/wav-file.ts';

const kinds = ['flac', 'mp3', 'opus', 'ogg'] as const;
type Kind = (typeof kinds)[number];

let files: Record<Kind, Buffer>;
let original: Float32Array;
beforeAll(async () => {
  const read = await Promise.all(kinds.map(async (kind) => [kind, await speechFile(kind)] as const));
  files = Object.fromEntries(read) as Record<Kind, Buffer>;
  original = await decodedMono(files.flac);
  // The libraries report damage there.
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

/** How alike two waves are, 1 for the same up to its level. */
function correlation(one: Float32Array, other: Float32Array): number {
  let [both, first, second] = [0, 0, 0];
  for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
    const a = one[at] ?? NaN;
    const b = other[at] ?? NaN;
    both += a * b;
    first += a ** 2;
    second += b ** 2;
  }
  return both / Math.sqrt(first * second);
}

function random(length: number): Buffer {
  let state = 1;
  return Buffer.from(Array.from({ length }, () => (state = (state * 48_271) % 2_147_483_647) % 256));
}

describe.each(kinds)('speech.%s', (kind) => {
  test('decodes to what was spoken, in full length', async () => {
    const samples = await decodedMono(files[kind]);
    expect(samples).toHaveLength(speechLength);
    expect(correlation(samples, original)).toBeGreaterThan(0.97);
  });

  test('is what it is whatever it is called', async () => {
    expect(await decodedMono(files[kind], 'audio/flac')).toHaveLength(speechLength);
  });

  test.each([0.6, 0.75, 0.9])('cut off after %d of its bytes, decodes as far as it goes', async (share) => {
    const file = files[kind];
    const samples = await decodedMono(file.subarray(0, Math.round(file.length * share)));
    expect(samples.length).toBeGreaterThan(speechLength * (share - 0.25));
    expect(samples.length).toBeLessThan(speechLength);
    const start = samples.subarray(0, samples.length - 4_000);
    expect(correlation(start, original)).toBeGreaterThan(0.97);
  });

  test('with tags at its start and end decodes in full', async () => {
    const tag = Buffer.concat([Buffer.from('ID3\u0004\0\0\0\0\u0001\0', 'latin1'), Buffer.alloc(128, 0xff)]);
    const end = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125)]);
    const tagged = Buffer.concat([tag, files[kind], end]);
    expect(await decodedMono(tagged, 'audio/mpeg')).toHaveLength(speechLength);
    expect(await isDamaged(tagged)).toBe(false);
  });

  test('damaged in the middle, decodes before and after it', async () => {
    const damaged = Buffer.from(files[kind]);
    const middle = Math.round(damaged.length / 2);
    damaged.set(random(300), middle);
    const samples = await decodedMono(damaged);
    expect(samples.length).toBeGreaterThan(speechLength * 0.6);
    expect(samples.length).toBeLessThanOrEqual(speechLength * 1.02);
    // MPEG audio has no check sums as a rule.
    expect([await isDamaged(files[kind]), await isDamaged(damaged)]).toEqual([false, kind !== 'mp3']);
  });

  test('of which only the head is left, is refused', async () => {
    const head = files[kind].subarray(0, 60);
    await expect(decodedMono(head)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  test('of which all but the head is noise, is refused or next to nothing', async () => {
    const noise = Buffer.concat([files[kind].subarray(0, kind === 'mp3' ? 4 : 60), random(100_000)]);
    const length = await decodedMono(noise).then(
      (samples) => samples.length,
      (error: { code: string }) => (error.code === 'BAD_INPUT' ? 0 : NaN),
    );
    // Noise has what looks like frames of MPEG audio, which claim to have no checksum.
    expect(length).toBeLessThan(kind === 'mp3' ? 60_000 : 1);
  });
});

describe('What is no recording', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['words', Buffer.from('These are words and no sound.')],
    ['zeros', Buffer.alloc(10_000)],
    ['an Ogg page of another kind', Buffer.from('OggS\0\u0002')],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
    ['a RIFF file of another kind', Buffer.from('RIFF\0\0\0\0AVI LIST')],
    [
      'a long ID3 tag and nothing else',
      Buffer.concat([Buffer.from('ID3\u0004\0\0\u007f\u007f\u007f\u007f'), random(500)]),
    ],
  ])('is refused: %s', async (_, data) => {
    await expect(decodedMono(data)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(decodedMono(data, 'audio/mpeg')).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

test('sound behind chunks without end is refused', async () => {
  const before = Buffer.alloc(8 * 1_000, Buffer.from('junk\0\0\0\0'));
  await expect(decodedMono(wavFile(new Uint8Array(2), { sampleRate: 16_000, before }))).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: 'The WAV file has more than 1000 chunks.',
  });
});

test('sound behind ID3 tags without end is refused', async () => {
  const tags = Buffer.alloc(10 * 101, Buffer.from('ID3\u0004\0\0\0\0\0\0'));
  await expect(decodedMono(Buffer.concat([tags, files.flac]))).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: 'The file begins with more than 100 ID3 tags.',
  });
});
