import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBounds } from './read-bounds.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-bounds-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('reads a bound for each category', () => {
  writeFileSync(join(folder, 'bounds.json'), '{ "upright": 0, "skew": 0.02 }');
  expect(readBounds(folder)).toEqual({ upright: 0, skew: 0.02 });
});

test('says what is wrong with the file', () => {
  expect(() => readBounds(folder)).toThrow('is missing');
  writeFileSync(join(folder, 'bounds.json'), '{ "upright": "none" }');
  expect(() => readBounds(folder)).toThrow('must be a JSON object');
  writeFileSync(join(folder, 'bounds.json'), 'nothing');
  expect(() => readBounds(folder)).toThrow('must be a JSON object');
});
