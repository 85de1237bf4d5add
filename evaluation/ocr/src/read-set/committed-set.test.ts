import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { committedSet } from './committed-set.ts';
import { readBounds } from './read-bounds.ts';
import { readSet } from './read-set.ts';

const images = readSet(committedSet);
const files = readdirSync(committedSet, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file));
const size = (path: string): number => statSync(path).size;

test('has at least six images in each category, and each bounded one', () => {
  const categories = [...new Set(images.map(({ category }) => category))];
  expect(categories).toEqual(expect.arrayContaining(Object.keys(readBounds(committedSet))));
  const counts = categories.map((category) => images.filter((image) => image.category === category).length);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(6);
});

test('has a text for each image and nothing else', () => {
  const untidy = images.filter(({ expected }) => !/^\S.*\S\n$/su.test(expected) || / {2}| $/mu.test(expected));
  expect(untidy).toEqual([]);
  expect(files).toHaveLength(2 * images.length + 1);
});

test('stays small', () => {
  expect(images.length).toBeLessThanOrEqual(80);
  expect(images.filter(({ path }) => size(path) >= 250_000)).toEqual([]);
  expect(files.reduce((sum, file) => sum + size(join(committedSet, file)), 0)).toBeLessThan(3_500_000);
});
