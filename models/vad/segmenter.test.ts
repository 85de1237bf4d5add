import { type SpeechSegment, VadParams } from '@portico/schemas';
import { array, assert, constantFrom, double, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { seconds, Segmenter } from './segmenter.ts';

type Params = z.output<typeof VadParams>;
const frame = 512;
const perSecond = 16_000;

/** The segments of a recording, and after how many frames each was emitted. */
function segment(probabilities: readonly number[], given: Partial<Params> = {}, cut = 0) {
  const emitted: { segment: SpeechSegment; after: number }[] = [];
  let frames = 0;
  const segmenter = new Segmenter(VadParams.parse(given), (one) => emitted.push({ segment: one, after: frames }));
  for (const probability of probabilities) {
    frames += 1;
    segmenter.push(probability);
  }
  segmenter.end(probabilities.length * frame - cut);
  return emitted;
}

/** The same by looking at the whole: first the stretches, then their padding. */
function segmentsAtOnce(probabilities: readonly number[], length: number, params: Params): [number, number][] {
  const stretches: { start: number; end: number }[] = [];
  let start: number | undefined;
  let pause: number | undefined;
  for (const [index, probability] of probabilities.entries()) {
    const at = index * frame;
    if (probability >= params.threshold) {
      pause = undefined;
      if (start === undefined) {
        start = at;
        continue;
      }
    }
    if (start === undefined || probability >= Math.max(0.01, params.threshold - 0.15)) continue;
    pause ??= at;
    if (at - pause < params.minSilenceSeconds * perSecond) continue;
    stretches.push({ start, end: pause });
    start = pause = undefined;
  }
  if (start !== undefined) stretches.push({ start, end: length });
  const spoken = stretches.filter(({ start, end }) => end - start > params.minSpeechSeconds * perSecond);
  const pad = Math.round(params.padSeconds * perSecond);
  return spoken.map(({ start, end }, index) => {
    const before = index === 0 ? 2 * start : start - (spoken[index - 1]?.end ?? NaN);
    const after = index === spoken.length - 1 ? 2 * (length - end) : (spoken[index + 1]?.start ?? NaN) - end;
    return [
      seconds(start - Math.min(pad, Math.floor(before / 2))),
      seconds(end + Math.min(pad, Math.floor(after / 2))),
    ];
  });
}

const recording = array(
  record({ level: double({ min: 0, max: 1, noNaN: true }), frames: integer({ min: 1, max: 12 }) }),
  { maxLength: 30 },
).map((stretches) => stretches.flatMap(({ level, frames }) => Array<number>(frames).fill(level)));
const anyParams = record({
  threshold: constantFrom(0, 0.05, 0.5, 0.9, 1),
  minSpeechSeconds: constantFrom(0, 0.1, 0.25, 1),
  minSilenceSeconds: constantFrom(0, 0.032, 0.1, 0.5),
  padSeconds: constantFrom(0, 0.03, 0.1, 0.4, 10),
});

describe('Of any recording, with any parameters, segments', () => {
  test('are those that looking at the whole finds', () => {
    assert(
      property(recording, anyParams, integer({ min: 0, max: frame - 1 }), (probabilities, params, rest) => {
        const cut = probabilities.length === 0 ? 0 : rest;
        const found = segment(probabilities, params, cut).map(({ segment: { start, end } }) => [start, end]);
        expect(found).toEqual(segmentsAtOnce(probabilities, probabilities.length * frame - cut, params));
      }),
      { numRuns: 500 },
    );
  });

  test('once emitted, are the same whatever follows', () => {
    assert(
      property(recording, recording, anyParams, (beginning, rest, params) => {
        const emitted = segment(beginning, params).filter(({ after }) => after < beginning.length);
        expect(segment([...beginning, ...rest], params).slice(0, emitted.length)).toEqual(emitted);
      }),
    );
  });

  test('do not overlap, and have a confidence', () => {
    assert(
      property(recording, anyParams, (probabilities, params) => {
        let end = 0;
        for (const { segment: one } of segment(probabilities, params)) {
          expect(one.start).toBeGreaterThanOrEqual(end);
          expect(one.end).toBeGreaterThanOrEqual(one.start);
          expect(one.confidence).toBeGreaterThanOrEqual(0);
          expect(one.confidence).toBeLessThanOrEqual(1);
          end = one.end;
        }
      }),
    );
  });
});

const speech = (frames: number): number[] => Array<number>(frames).fill(0.9);
const silence = (frames: number): number[] => Array<number>(frames).fill(0.1);

test('a segment is emitted as soon as the pause behind it is long enough', () => {
  const [one] = segment([...silence(10), ...speech(20), ...silence(50)]);
  // It is found after four frames of silence, 0.096 s being too short, and padded by less than half of that.
  expect(one).toEqual({ segment: { start: 0.29, end: 0.99, confidence: 0.9 }, after: 36 });
});

test('the confidence is the mean over the speech, a short pause in it included', () => {
  const probabilities = [...silence(3), ...speech(10), 0.2, 0.2, ...speech(8), ...silence(20)];
  expect(segment(probabilities)[0]?.segment.confidence).toBeCloseTo((18 * 0.9 + 0.4) / 20, 3);
});

test('speech that lasts to the end of the recording ends with it', () => {
  expect(segment([...silence(5), ...speech(20)], {}, 100)[0]?.segment.end).toBe(seconds(25 * frame - 100));
});
