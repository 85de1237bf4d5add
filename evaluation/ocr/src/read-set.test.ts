import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { committedSet, readBounds, readSet, UnusableInput } from './read-set.ts';

const images = readSet(committedSet);
const files = readdirSync(committedSet, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file));
const size = (path: string): number => statSync(path).size;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-set-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text = ''): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};

test('finds images with their texts, each in the category of its sub-folder', () => {
  write('signs/exit.v2.JPG');
  write('signs/exit.v2.txt', 'EXIT\n');
  write('page.png');
  write('page.txt', 'one\ntwo\n');
  write('notes.md');
  expect(readSet(folder)).toMatchObject([
    { category: basename(folder), name: 'page.png', mediaType: 'image/png', expected: 'one\ntwo\n' },
    { category: 'signs', name: 'signs/exit.v2.JPG', mediaType: 'image/jpeg', expected: 'EXIT\n' },
  ]);
});

test('says which text is missing', () => {
  write('signs/exit.png');
  expect(() => readSet(folder)).toThrow(/exit\.txt is missing/);
});

test('refuses a folder without images, and what is no folder', () => {
  write('page.txt', 'text');
  expect(() => readSet(folder)).toThrow(UnusableInput);
  expect(() => readSet(join(folder, 'page.txt'))).toThrow('is not a folder');
  expect(() => readSet(join(folder, 'nowhere'))).toThrow('is not a folder');
});

test('bounds.json has a bound for each category', () => {
  writeFileSync(join(folder, 'bounds.json'), '{ "upright": 0, "skew": 0.02 }');
  expect(readBounds(folder)).toEqual({ upright: 0, skew: 0.02 });
});

test('says what is wrong with bounds.json', () => {
  expect(() => readBounds(folder)).toThrow('is missing');
  writeFileSync(join(folder, 'bounds.json'), '{ "upright": "none" }');
  expect(() => readBounds(folder)).toThrow('must be a JSON object');
  writeFileSync(join(folder, 'bounds.json'), 'nothing');
  expect(() => readBounds(folder)).toThrow('must be a JSON object');
});

test('the committed set has at least six images in each category, and each bounded one', () => {
  const categories = [...new Set(images.map(({ category }) => category))];
  expect(categories).toEqual(expect.arrayContaining(Object.keys(readBounds(committedSet))));
  const counts = categories.map((category) => images.filter((image) => image.category === category).length);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(6);
});

test('the committed set has a text for each image and nothing else', () => {
  const untidy = images.filter(({ expected }) => !/^\S.*\S\n$/su.test(expected) || / {2}| $/mu.test(expected));
  expect(untidy).toEqual([]);
  expect(files).toHaveLength(2 * images.length + 1);
});

test('the committed set stays small', () => {
  expect(images.length).toBeLessThanOrEqual(80);
  expect(images.filter(({ path }) => size(path) >= 250_000)).toEqual([]);
  expect(files.reduce((sum, file) => sum + size(join(committedSet, file)), 0)).toBeLessThan(3_500_000);
});
