import type { Means, Score } from './evaluate.ts';
import type { Bounds } from './read-set.ts';

interface ReportContent {
  readonly scores: readonly Score[];
  readonly categories: Readonly<Record<string, Means>>;
  readonly overall: Means;
}

/** Two tables for a terminal: one row an image, then one row a category and one for all. */
export function formatReport({ scores, categories, overall }: ReportContent): string {
  const header = ['CER', 'WER', 'recall', 'ms'];
  const images = table([['image', ...header], ...scores.map((score) => [score.name, ...figures(score)])]);
  const rows = [...Object.entries(categories), ['all', overall] as const];
  const summary = table([
    ['mean of', 'images', ...header],
    ...rows.map(([name, means]) => [name, String(means.images), ...figures(means)]),
  ]);
  return `${images}\n\n${summary}\n`;
}

type Figures = Pick<Score, 'characterErrorRate' | 'wordErrorRate' | 'wordRecall' | 'milliseconds'>;

const figures = ({ characterErrorRate, wordErrorRate, wordRecall, milliseconds }: Figures): string[] => [
  characterErrorRate.toFixed(4),
  wordErrorRate.toFixed(4),
  wordRecall.toFixed(4),
  milliseconds.toFixed(0),
];

/** Columns as wide as they have to be, the first one to the left and the others to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ');
  const [head, ...body] = rows.map(line);
  return [head, '-'.repeat(head!.length), ...body].join('\n');
}

/** A sentence for each category whose mean character error rate is over its bound, or that has no images. */
export function exceeded(categories: Readonly<Record<string, Means>>, bounds: Bounds): readonly string[] {
  return Object.entries(bounds).flatMap(([category, bound]) => {
    const rate = categories[category]?.characterErrorRate;
    if (rate === undefined) return [`${category} has a bound and no images.`];
    return rate <= bound ? [] : [`${category} has a CER of ${rate.toFixed(4)}; at most ${bound} is allowed.`];
  });
}
