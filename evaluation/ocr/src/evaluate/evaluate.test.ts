import { join } from 'node:path';
import { Failure } from '@portico/schemas';
import { expect, test } from 'vitest';
import { committedSet } from '../read-set/committed-set.ts';
import { UnusableInput } from '../read-set/unusable-input.ts';
import { evaluate } from './evaluate.ts';

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
