import { errorRate } from './error-rate.ts';
import { words } from './words.ts';

/** Levenshtein distance over words divided by the number of expected words, 0 or more. */
export const wordErrorRate = (actual: string, expected: string): number => errorRate(words(actual), words(expected));
