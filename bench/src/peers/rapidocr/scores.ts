import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { characterErrorRate, wordRecall } from '@portico/measure/error-rates';
import { median } from '../../report.ts';
import type { Reading } from './reading.ts';

const imageExtensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.tif', '.tiff', '.gif', '.avif']);
const expectedEndings = ['.txt', '.gold.txt'];

/** An image, with its text where that is known. */
export interface ImageFile {
  readonly path: string;
  /** Its path below the folder that it was found in. */
  readonly name: string;
  readonly expected: string | undefined;
}

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

/** The images in a folder and those below it, with `<name>.txt` or `<name>.gold.txt` beside each as its text. */
export function findImages(folder: string): ImageFile[] {
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => imageExtensions.has(extname(name).toLowerCase()))
    .toSorted()
    .map((name) => ({ path: join(folder, name), name, expected: expectedText(join(folder, name)) }));
}

function expectedText(imagePath: string): string | undefined {
  const stem = imagePath.slice(0, -extname(imagePath).length);
  const path = expectedEndings.map((ending) => stem + ending).find((candidate) => existsSync(candidate));
  return path === undefined ? undefined : readFileSync(path, 'utf8');
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

/** The first folder in a file's path, or else the part before the first hyphen, underscore, digit or dot of its name. */
export function categoryOf(name: string): string {
  const [first = '', ...below] = name.split(sep);
  return below.length > 0 ? first : (/^[^-_\d.]+/.exec(first)?.[0] ?? 'other');
}

/** The means of each category, and of all images where there are several categories. */
export function byCategory(images: readonly ScoredImage[]): ScoredImage[] {
  const categories = new Map<string, ScoredImage[]>();
  for (const image of images) {
    const category = categoryOf(image.name);
    categories.set(category, [...(categories.get(category) ?? []), image]);
  }
  const groups = [...categories].toSorted(([one], [other]) => one.localeCompare(other));
  if (groups.length > 1) groups.push(['all', [...images]]);
  return groups.map(([category, members]) => ({
    name: `${category} (${members.length})`,
    scores: (members[0]?.scores ?? []).map((_, reader) => meanScore(members.map(({ scores }) => scores[reader]!))),
  }));
}

/** Images without an expected text count for lines and time only. */
function meanScore(scores: readonly Score[]): Score {
  return {
    characterErrorRate: mean(scores.map((score) => score.characterErrorRate)),
    wordRecall: mean(scores.map((score) => score.wordRecall)),
    lines: mean(scores.map(({ lines }) => lines)) ?? 0,
    milliseconds: mean(scores.map(({ milliseconds }) => milliseconds)) ?? 0,
  };
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}
