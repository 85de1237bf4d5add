import { readFileSync } from 'node:fs';
import { characterErrorRate, wordErrorRate, wordRecall } from '@portico/measure/error-rates';
import { isFailure } from '@portico/schemas';
import { type KnownImage, UnusableInput } from './read-set.ts';

/** Reads the text of an encoded image. */
export type TextReader = (image: { readonly data: Uint8Array; readonly mediaType: string }) => Promise<string>;

/** How well one image was read. */
export interface Score {
  readonly category: string;
  readonly name: string;
  readonly characterErrorRate: number;
  readonly wordErrorRate: number;
  readonly wordRecall: number;
  readonly milliseconds: number;
  readonly expected: string;
  readonly actual: string;
}

/** Means over images, each counting the same. */
export interface Means {
  readonly images: number;
  readonly characterErrorRate: number;
  readonly wordErrorRate: number;
  readonly wordRecall: number;
  readonly milliseconds: number;
}

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

/** Means over some images. */
export const means = (scores: readonly Score[]): Means => ({
  images: scores.length,
  characterErrorRate: mean(scores.map((score) => score.characterErrorRate)),
  wordErrorRate: mean(scores.map((score) => score.wordErrorRate)),
  wordRecall: mean(scores.map((score) => score.wordRecall)),
  milliseconds: mean(scores.map((score) => score.milliseconds)),
});

/** Means of each category, in the order in which they first come. */
export function meansByCategory(scores: readonly Score[]): Readonly<Record<string, Means>> {
  const categories = [...new Set(scores.map(({ category }) => category))];
  return Object.fromEntries(
    categories.map((category) => [category, means(scores.filter((score) => score.category === category))]),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
