import { characterErrorRate } from '@portico/measure/text/character-error-rate';
import { wordRecall } from '@portico/measure/text/word-recall';
import type { ImageFile } from './images.ts';
import type { Reading } from './reading.ts';
import { median } from '../statistics.ts';

/** How well one reader read one image; the first two are missing without an expected text. */
export interface Score {
  readonly characterErrorRate: number | undefined;
  readonly wordRecall: number | undefined;
  readonly lines: number;
  readonly milliseconds: number;
}

/** One image, or several as their mean, with a score for each reader in the readers' order. */
export interface ScoredImage {
  readonly name: string;
  readonly scores: readonly Score[];
}

/** Scores what a reader read in one round, with the median of its times over all rounds. */
export function scoreReadings({ expected }: ImageFile, readings: readonly [Reading, ...Reading[]]): Score {
  const [{ text, lines }] = readings;
  const milliseconds = median(readings.map((reading) => reading.milliseconds));
  const known = expected !== undefined && expected.trim() !== '';
  return {
    characterErrorRate: known ? characterErrorRate(text, expected) : undefined,
    wordRecall: known ? wordRecall(text, expected) : undefined,
    lines,
    milliseconds,
  };
}
