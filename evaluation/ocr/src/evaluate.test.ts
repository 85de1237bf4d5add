import { join } from 'node:path';
import { Failure } from '@portico/schemas';
import { expect, test } from 'vitest';
import { evaluate, means, meansByCategory, type Score } from './evaluate.ts';
import { committedSet, UnusableInput } from './read-set.ts';

const image = {
  category: 'upright',
  name: 'upright/letter.png',
  path: join(committedSet, 'upright/letter.png'),
  mediaType: 'image/png',
  expected: 'four words of text\n',
};

test('compares what was read with what is expected', async () => {
  const score = await evaluate(image, async () => 'four words\nof test');
  expect(score).toMatchObject({ characterErrorRate: 1 / 18, wordErrorRate: 1 / 4, wordRecall: 3 / 4 });
  expect(score.milliseconds).toBeGreaterThanOrEqual(0);
});

test('names the file that the model refuses', async () => {
  const refuse = () => Promise.reject(new Failure('BAD_INPUT', 'This is no image.'));
  await expect(evaluate(image, refuse)).rejects.toThrow(UnusableInput);
  await expect(evaluate(image, refuse)).rejects.toThrow(/cannot be read: This is no image\./);
});

const score = (category: string, characterErrorRate: number): Score => ({
  category,
  name: `${category}.png`,
  characterErrorRate,
  wordErrorRate: 0.5,
  wordRecall: 1,
  milliseconds: 100,
  expected: '',
  actual: '',
});
const scores = [score('skew', 0), score('skew', 0.5), score('upright', 0.25)];

test('counts each image the same', () => {
  expect(means(scores)).toEqual({
    images: 3,
    characterErrorRate: 0.25,
    wordErrorRate: 0.5,
    wordRecall: 1,
    milliseconds: 100,
  });
});

test('takes categories apart', () => {
  const byCategory = meansByCategory(scores);
  expect(Object.keys(byCategory)).toEqual(['skew', 'upright']);
  expect(byCategory['skew']).toMatchObject({ images: 2, characterErrorRate: 0.25 });
});
