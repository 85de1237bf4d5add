import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseCommand } from './command-line.ts';
import { committedSet } from './read-set.ts';

test('takes the committed set where no folder is given', () => {
  expect(parseCommand([])).toEqual({ folder: committedSet, json: false, bounds: false });
  expect(parseCommand(['--bounds', 'scans', '--json'])).toEqual({ folder: resolve('scans'), json: true, bounds: true });
});

test('explains itself when it is called in another way', () => {
  expect(() => parseCommand(['one', 'two'])).toThrow(/one folder[^]*npm run eval:ocr/);
  expect(() => parseCommand(['--csv'])).toThrow(/--csv[^]*npm run eval:ocr/);
});
