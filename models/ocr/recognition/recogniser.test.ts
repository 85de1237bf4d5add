import { Tensor } from '@portico/server/model';
import { sessionsThatRun } from '@portico/server/testing';
import { describe, expect, test } from 'vitest';
import { drawImage } from '../testing/images.ts';
import { itemAt } from '../testing/items.ts';
import { inputHeight, loadRecogniser, parseAlphabet } from './recogniser.ts';

const alphabet = ['', 'a', 'b', ' '];

/** A net that sees `a` or `b` in single steps of 8 pixels. */
async function recogniserThatSees(seen: Readonly<Record<number, 'a' | 'b'>>) {
  const shapes: (readonly number[])[] = [];
  const recognise = await loadRecogniser(
    {
      createSession: sessionsThatRun(async (feeds) => {
        const dims = feeds['x']?.dims ?? [];
        shapes.push(dims);
        const steps = itemAt(dims, 3) / 8;
        const data = new Float32Array(4 * steps);
        for (let step = 0; step < steps; step += 1) data[4 * step + alphabet.indexOf(seen[step] ?? '')] = 1;
        return { 'softmax_11.tmp_0': new Tensor('float32', data, [1, steps, 4]) };
      }),
    },
    'a file',
    alphabet,
  );
  return { recognise, shapes };
}

const lineOf = (width: number) => drawImage(width, inputHeight, () => 255);

describe('a recogniser', () => {
  test('places characters as a share of the line', async () => {
    const { recognise, shapes } = await recogniserThatSees({ 0: 'a', 20: 'b', 39: 'a' });
    const { text, characters } = await recognise(lineOf(320));
    expect(shapes).toEqual([[1, 3, 48, 320]]);
    expect(text).toBe('aba');
    expect(characters.map(({ middle }) => middle)).toEqual([0.5 / 40, 20.5 / 40, 39.5 / 40]);
  });

  test('places them on the line itself where that is padded', async () => {
    const { recognise, shapes } = await recogniserThatSees({ 0: 'a', 4: 'b' });
    const { characters } = await recognise(lineOf(80));
    expect(shapes).toEqual([[1, 3, 48, 160]]);
    expect(characters.map(({ middle }) => middle)).toEqual([0.05, 0.45]);
  });

  test('places nothing beyond the end of the line', async () => {
    const { recognise } = await recogniserThatSees({ 18: 'a' });
    const { characters } = await recognise(lineOf(80));
    expect(characters.map(({ middle }) => middle)).toEqual([1]);
  });
});

describe('parseAlphabet', () => {
  test('puts the blank before and the space after the characters of the dictionary', () => {
    expect(parseAlphabet('一\n乙\n二')).toEqual(['', '一', '乙', '二', ' ']);
  });

  test('does not count a line break at the end as a character, of whatever kind it is', () => {
    expect(parseAlphabet('a\nb\n')).toEqual(['', 'a', 'b', ' ']);
    expect(parseAlphabet('a\r\nb\r\n')).toEqual(['', 'a', 'b', ' ']);
  });
});
