import { isFailure, type SpeechSegment, type vad, type VadResult } from '@portico/schemas';
import { beforeAll, describe, expect, test } from 'vitest';
import { Resampler } from '@portico/media/audio';
import { decodedMono } from '@portico/media/testing';
import { speechFile } from '@portico/media/testing';
import { pcm16, wavFile } from '@portico/media/testing';
import { createSession, type LoadedModel } from '@portico/server/testing';
import model from './model.ts';
import { inputOf, listen, loadVad } from './testing/load-vad.ts';

/** Where the two sentences of the sample were put, in seconds. */
const spoken = [
  [0.8, 3.217],
  [4.417, 5.619],
] as const;
/** The model looks at 32 ms at a time. */
const frame = 0.0321;

let loaded: LoadedModel<typeof vad>;
let sample: Buffer;
let samples: Float32Array;
let expected: VadResult;
beforeAll(async () => {
  loaded = await loadVad();
  sample = await speechFile('flac');
  samples = await decodedMono(sample);
  expected = await listen(loaded, sample);
});

/** The sample at another rate. */
function atRate(sampleRate: number): Float32Array {
  const resampler = new Resampler(16_000, sampleRate);
  return Float32Array.from([...resampler.push(samples), ...resampler.end()]);
}

const edges = ({ segments }: VadResult): number[] => segments.flatMap(({ start, end }) => [start, end]);

/** As many segments, each beginning and ending as far from the other as one frame at most. */
function isAlike(found: VadResult): boolean {
  const apart = edges(found).map((edge, index) => Math.abs(edge - (edges(expected)[index] ?? NaN)));
  const longer = Math.abs(found.durationSeconds - expected.durationSeconds);
  return longer < 0.01 && apart.length === edges(expected).length && Math.max(...apart) < frame;
}

describe('Speech', () => {
  test('is found where it is', () => {
    expect(expected.durationSeconds).toBe(6.419);
    expect(expected.segments).toHaveLength(spoken.length);
    for (const [index, { start, end, confidence }] of expected.segments.entries()) {
      const [from = NaN, to = NaN] = spoken[index] ?? [];
      expect(Math.abs(start - from)).toBeLessThan(0.05);
      // A voice fades; the model detects it somewhat longer.
      expect(Math.abs(end - to)).toBeLessThan(0.15);
      expect(confidence).toBeGreaterThan(0.9);
    }
  });

  test.each(['mp3', 'opus', 'ogg'] as const)('is found in the same places in %s', async (kind) => {
    expect(await listen(loaded, await speechFile(kind))).toSatisfy(isAlike);
  });

  test.each([8_000, 16_000, 22_050, 44_100, 48_000])('is found in the same places at %i Hz', async (sampleRate) => {
    const mono = atRate(sampleRate);
    for (const channels of [1, 2]) {
      expect(await listen(loaded, wavFile(pcm16(mono, channels), { sampleRate, channels }))).toSatisfy(isAlike);
    }
  });

  test('is emitted segment by segment, before the recording has been processed in full', async () => {
    let frames = 0;
    const counting = await loadVad({
      async createSession(path, signature) {
        const session = await createSession(path, signature);
        return { run: (feeds) => ((frames += 1), session.run(feeds)) };
      },
    });
    const emitted: { segment: SpeechSegment; at: number }[] = [];
    await listen(counting, sample, {}, (segment) => emitted.push({ segment, at: frames * 0.032 }));
    expect(emitted.map(({ segment }) => segment)).toEqual(expected.segments);
    for (const { segment, at } of emitted) expect(at - segment.end).toBeLessThan(0.25);
  });

  test('of which parameters ask for less is left out', async () => {
    expect((await listen(loaded, sample, { minSpeechSeconds: 2 })).segments).toHaveLength(1);
    expect((await listen(loaded, sample, { minSilenceSeconds: 3 })).segments).toHaveLength(1);
    expect((await listen(loaded, sample, { threshold: 1 })).segments).toEqual([]);
    const wide = (await listen(loaded, sample, { padSeconds: 0.5 })).segments;
    expect(wide[0]?.start).toBeCloseTo((expected.segments[0]?.start ?? NaN) - 0.47, 2);
  });

  test.each([
    ['silence', () => 0],
    ['noise', (at: number) => 0.1 * Math.sin(at ** 2)],
    ['a tone', (at: number) => 0.3 * Math.sin(at / 6)],
  ])('is not found in %s', async (_, wave) => {
    const data = wavFile(pcm16(Float32Array.from({ length: 48_000 }, (_, at) => wave(at))), { sampleRate: 16_000 });
    expect(await listen(loaded, data)).toEqual({ durationSeconds: 3, segments: [], warnings: [] });
  });

  test('of which pieces are damaged comes with a warning', async () => {
    const damaged = Buffer.from(sample).fill(0, 40_000, 40_100);
    expect((await listen(loaded, damaged)).warnings).toMatchObject([{ code: 'damaged' }]);
    expect(expected.warnings).toEqual([]);
  });
});

test('a recording of one sample is answered', async () => {
  const data = wavFile(pcm16(Float32Array.of(0.5)), { sampleRate: 16_000 });
  expect((await listen(loaded, data)).segments).toEqual([]);
});

test('has one result for each input of a batch, failures included, and each starts afresh', async () => {
  const inputs = [inputOf(sample), inputOf(Buffer.from('no sound')), inputOf(sample)];
  const results = await loaded.run(inputs, { signal: AbortSignal.any([]) });
  expect(results).toMatchObject([expected, { code: 'BAD_INPUT' }, expected]);
});

test('stops between two frames once no client waits', async () => {
  const leaving = new AbortController();
  let runs = 0;
  const cancelled = await loadVad({
    async createSession(path, signature) {
      const session = await createSession(path, signature);
      return {
        run(feeds) {
          runs += 1;
          if (runs === 5) leaving.abort();
          return session.run(feeds);
        },
      };
    },
  });
  const run = cancelled.run([inputOf(sample), inputOf(sample)], { signal: leaving.signal });
  await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(runs).toBe(5);
});

test('is warmed up by a recording that it answers', async () => {
  const results = await loaded.run([await model.warmUp()], { signal: AbortSignal.any([]) });
  expect(results.some(isFailure)).toBe(false);
});
