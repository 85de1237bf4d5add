import { sep } from 'node:path';
import type { Score, ScoredImage } from './score.ts';

/** The first folder in a file's path, or else what stands before the first hyphen, underscore, digit or dot of its name. */
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
