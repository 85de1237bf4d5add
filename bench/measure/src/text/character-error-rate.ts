import { errorRate } from './error-rate.ts';

/**
 * Levenshtein distance over characters divided by the length of the expected text, 0 or more. Runs of white space
 * count as one space, so that the rate says what was read and not how the lines were broken.
 */
export const characterErrorRate = (actual: string, expected: string): number =>
  errorRate(characters(actual), characters(expected));

const characters = (text: string): string[] => Array.from(text.trim().replaceAll(/\s+/gu, ' '));
