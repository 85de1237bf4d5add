import { readFileSync } from 'node:fs';
import { isFailure } from '@portico/schemas';
import { characterErrorRate, wordErrorRate, wordRecall } from '@portico/measure/error-rates';
import type { KnownImage } from '../read-set/known-image.ts';
import { UnusableInput } from '../read-set/unusable-input.ts';
import type { Score } from './score.ts';
import type { TextReader } from './text-reader.ts';

/**
 * Reads an image and compares it with what it shows; the milliseconds include decoding.
 * @throws UnusableInput for a file that the model refuses.
 */
export async function evaluate(image: KnownImage, read: TextReader): Promise<Score> {
  const { category, name, path, mediaType, expected } = image;
  const data = readFileSync(path);
  const startedAt = performance.now();
  const actual = await read({ data, mediaType }).catch((error: unknown) => {
    if (isFailure(error)) throw new UnusableInput(`${path} cannot be read: ${error.message}`, { cause: error });
    throw error;
  });
  const milliseconds = performance.now() - startedAt;
  return {
    category,
    name,
    characterErrorRate: characterErrorRate(actual, expected),
    wordErrorRate: wordErrorRate(actual, expected),
    wordRecall: wordRecall(actual, expected),
    milliseconds,
    expected,
    actual,
  };
}
