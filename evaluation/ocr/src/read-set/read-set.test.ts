import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSet } from './read-set.ts';
import { UnusableInput } from './unusable-input.ts';

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
