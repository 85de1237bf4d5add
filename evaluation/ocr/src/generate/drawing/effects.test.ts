import { expect, test } from 'vitest';
import { contrast, lamp, noise, normalNumbers, randomNumbers, specks } from './effects.ts';

const plain = (value: number) => ({ width: 20, height: 10, data: new Uint8Array(20 * 10 * 3).fill(value) });

test('adds the same noise for the same seed and stays within the range', () => {
  expect(noise(20, 3)(plain(128))).toEqual(noise(20, 3)(plain(128)));
  expect(noise(20, 3)(plain(128))).not.toEqual(plain(128));
  expect(Math.max(...noise(20, 3)(plain(255)).data)).toBe(255);
});

test('squeezes black and white together', () => {
  expect(contrast(60, 180)(plain(0)).data[0]).toBe(60);
  expect(contrast(60, 180)(plain(255)).data[0]).toBe(180);
});

test('is brightest at the lamp', () => {
  const { data } = lamp(0, 0, 0.5)(plain(200));
  expect(data[0]).toBe(200);
  expect(data.at(-1)).toBeLessThan(115);
});

test('puts specks on about the requested share', () => {
  const { data } = specks(0.1, 5)(plain(128));
  const speckled = data.filter((value) => value !== 128).length / data.length;
  expect(speckled).toBeGreaterThan(0.04);
  expect(speckled).toBeLessThan(0.2);
});

test('draws the same numbers for the same seed', () => {
  const [first, second] = [randomNumbers(7), randomNumbers(7)];
  expect([first(), first(), first()]).toEqual([second(), second(), second()]);
  expect(randomNumbers(8)()).not.toBe(randomNumbers(7)());
});

test('draws around 0 with a deviation of 1', () => {
  const normal = normalNumbers(1);
  const drawn = Array.from({ length: 10_000 }, normal);
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
  expect(mean).toBeCloseTo(0, 1);
  expect(variance).toBeCloseTo(1, 1);
});
