import { type Report, short } from '../report.ts';
import type { Score, ScoredImage } from './score.ts';

const figures: readonly (readonly [title: string, value: (score: Score) => string])[] = [
  ['CER %', ({ characterErrorRate }) => percent(characterErrorRate)],
  ['word recall %', ({ wordRecall }) => percent(wordRecall)],
  ['lines', ({ lines }) => (Number.isInteger(lines) ? String(lines) : short(lines))],
  ['ms', ({ milliseconds }) => short(milliseconds)],
];

/** A row an image with each figure for every reader, all readers of a figure side by side. */
export function accuracyReport(title: string, readers: readonly string[], images: readonly ScoredImage[]): Report {
  return {
    title,
    header: ['image', ...figures.flatMap(([figure]) => readers.map((reader) => `${figure}, ${reader}`))],
    rows: images.map(({ name, scores }) => [name, ...figures.flatMap(([, value]) => scores.map(value))]),
  };
}

/** A note a reader but the first: the images on which the first makes more mistakes, the worst first. */
export function worseImages([first, ...others]: readonly string[], images: readonly ScoredImage[]): string[] {
  return others.map((other, index) => {
    const worse = images
      .map(({ name, scores }) => ({ name, own: errorRate(scores[0]), others: errorRate(scores[index + 1]) }))
      .filter(({ own, others }) => own > others)
      .toSorted((one, another) => another.own - another.others - (one.own - one.others))
      .map(({ name, own, others }) => `${name} (${percent(own)} against ${percent(others)} %)`);
    return `${first} makes more mistakes than ${other} in: ${worse.length === 0 ? 'none' : worse.join(', ')}.`;
  });
}

const errorRate = (score: Score | undefined): number => score?.characterErrorRate ?? 0;

const percent = (share: number | undefined): string => (share === undefined ? '' : (share * 100).toFixed(1));
