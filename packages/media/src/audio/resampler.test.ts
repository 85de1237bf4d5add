import { array, assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sine } from '../testing/audio.ts';
import { Resampler } from './resampler.ts';

const target = 16_000;

function resample(samples: Float32Array, from: number, pieces: readonly number[] = [samples.length]): Float32Array {
  const resampler = new Resampler(from, target);
  const out: number[] = [];
  let at = 0;
  for (const length of [...pieces, samples.length]) {
    out.push(...resampler.push(samples.subarray(at, at + length)));
    at += length;
  }
  return Float32Array.from([...out, ...resampler.end()]);
}

/** Without the ends, where the sine begins out of silence. */
const middle = (samples: Float32Array): Float32Array => samples.subarray(1_000, -1_000);
const loudest = (samples: Float32Array): number => samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

describe.each([4_000, 8_000, 11_025, 22_050, 32_000, 44_056, 44_100, 48_000, 96_000, 383_999, 384_000])(
  'From %i Hz',
  (from) => {
    test.each([100, 440, 1_400])('a tone of %i Hz keeps its frequency, phase and level', (frequency) => {
      const seconds = 1.3;
      const out = resample(sine(frequency, from, from * seconds), from);
      expect(out).toHaveLength(target * seconds);
      const expected = sine(frequency, target, out.length);
      const error = loudest(middle(out.map((sample, at) => sample - (expected[at] ?? NaN))));
      expect(error).toBeLessThan(0.5 * 10 ** (-60 / 20));
    });
  },
);

test.each([
  [48_000, 8_200],
  [48_000, 15_000],
  [44_100, 9_000],
  [44_100, 21_000],
  [96_000, 40_000],
])('from %i Hz, a tone of %i Hz does not turn into another', (from, frequency) => {
  expect(loudest(middle(resample(sine(frequency, from, from), from)))).toBeLessThan(0.5 * 10 ** (-60 / 20));
});

test('from 8000 Hz, a tone has no image above', () => {
  const out = middle(resample(sine(3_000, 8_000, 16_000), 8_000));
  const image = sine(5_000, target, out.length);
  const quarter = image.map((_, at) => 0.5 * Math.cos((2 * Math.PI * 5_000 * at) / target));
  const part = (wave: Float32Array): number => out.reduce((sum, x, at) => sum + x * (wave[at] ?? NaN), 0) / out.length;
  expect(Math.hypot(part(image), part(quarter))).toBeLessThan(1e-3 * 0.125);
});

test('how the input is cut into pieces changes nothing', () => {
  const rates = constantFrom(8_000, 11_025, 22_050, 44_100, 44_056, 48_000, 191_999);
  assert(
    property(rates, array(integer({ min: 0, max: 700 }), { maxLength: 20 }), (from, pieces) => {
      const samples = sine(321, from, 3_000);
      expect(resample(samples, from, pieces)).toEqual(resample(samples, from));
    }),
    { numRuns: 50 },
  );
});

test('the output is as long as the input, also of one sample', () => {
  for (const from of [8_000, 44_100, 48_000, 47_999]) {
    for (const length of [1, 2, 3, 1_000, 4_411]) {
      expect(resample(new Float32Array(length).fill(0.1), from)).toHaveLength(Math.ceil((length * target) / from));
    }
  }
});

test.each([0, -1, 44_100.5, NaN])('a rate of %d Hz is refused', (rate) => {
  expect(() => new Resampler(rate, target)).toThrow(RangeError);
  expect(() => new Resampler(target, rate)).toThrow(RangeError);
});
