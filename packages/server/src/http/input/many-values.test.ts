import { expect, it } from 'vitest';
import { refuseManyValues } from './many-values.ts';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

it('A file of any length and its parameters are few values', () => {
  const file = { data: 'A'.repeat(28_000_000), mediaType: 'image/png' };
  expect(() => refuseManyValues(json({ input: file, params: { minConfidence: 0.5 } }))).not.toThrow();
});

it('Names, lists and objects without end are refused before they are parsed', () => {
  const names = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, 1]));
  for (const many of [{ params: names }, Array.from({ length: 20_000 }, () => 0)]) {
    expect(() => refuseManyValues(json(many))).toThrow('more than 10000 values');
  }
  expect(() => refuseManyValues(Buffer.from('['.repeat(20_000)))).toThrow('more than 10000 values');
});
