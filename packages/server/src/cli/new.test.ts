import { expect, it } from 'vitest';
import { helpOf } from './command.ts';
import { command } from './new.ts';

it('the help says of a flag what it means to each preset that has it', () => {
  const fit = helpOf('new', command)
    .split('\n')
    .find((line) => line.includes('--fit NAME'));
  expect(fit).toContain('image-classifier, embedding: How a picture becomes what the network sees: crop');
  expect(fit).toContain('detector: How a picture is fitted: letterbox (in the middle), top-left, or stretch.');
});
