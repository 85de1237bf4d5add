import { median, type Report, short } from '../../report.ts';
import { formatSize, type Reading, type Round, type Timed } from './reading.ts';
import type { Score, ScoredImage } from './scores.ts';

const figures: readonly (readonly [title: string, value: (score: Score) => string])[] = [
  ['CER %', ({ characterErrorRate }) => percent(characterErrorRate)],
  ['word recall %', ({ wordRecall }) => percent(wordRecall)],
  ['lines', ({ lines }) => (Number.isInteger(lines) ? String(lines) : short(lines))],
  ['ms', ({ milliseconds }) => short(milliseconds)],
];

/** One row per image, with each figure for every reader side by side. */
export function accuracyReport(title: string, readers: readonly string[], images: readonly ScoredImage[]): Report {
  return {
    title,
    header: ['image', ...figures.flatMap(([figure]) => readers.map((reader) => `${figure}, ${reader}`))],
    rows: images.map(({ name, scores }) => [name, ...figures.flatMap(([, value]) => scores.map(value))]),
  };
}

/** A note for each reader but the first: the images on which the first makes more mistakes, the worst first. */
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

/** The images in which the readers detect lines at different sizes. */
export function sizeReport(readers: readonly string[], images: readonly (readonly [string, Reading[]])[]): Report {
  const differing = images
    .map(([name, readings]) => [name, ...readings.map(({ detectionSize }) => formatSize(detectionSize))])
    .filter(([, ...sizes]) => new Set(sizes).size > 1);
  return {
    title: 'Size at which lines are detected, where it differs',
    header: ['image', ...readers],
    rows: differing,
    notes: [`The other images of ${images.length} are detected at the same size.`],
  };
}

/** Where the time of a reader goes, if it reports its stages. */
export function stagesReport({ name, rounds }: Timed): Report {
  const readings = rounds.flatMap((round) => round.readings);
  const total = readings.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const stages = Object.keys(readings[0]?.stages ?? {}).map((stage) => ({
    stage,
    milliseconds: readings.reduce((sum, reading) => sum + (reading.stages[stage] ?? 0), 0),
  }));
  const rest = total - stages.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return {
    title: `Where the time of ${name} goes`,
    header: ['stage', 'ms an image, mean', 'share'],
    rows: [...stages, { stage: 'decoding, cropping and the rest', milliseconds: rest }].map(
      ({ stage, milliseconds }) => [
        stage,
        short(milliseconds / readings.length),
        `${((milliseconds / total) * 100).toFixed(0)} %`,
      ],
    ),
  };
}

/** How fast the first reader is, as parts of the others: above 1 it is faster. Rounds of the same number are compared. */
export function throughputReport([first, ...others]: readonly [Timed, ...Timed[]]): Report {
  const images = first.rounds[0]?.readings.length ?? 0;
  return {
    title: `Throughput of one process with one thread (${images} images)`,
    header: [
      'reader',
      'images/s',
      'ms a round',
      'CPU ms a round',
      `${first.name} is faster by`,
      'by CPU time',
      'on images with as many lines',
    ],
    rows: [
      [...speed(first), '', '', ''],
      ...others.map((other) => [
        ...speed(other),
        ratios(first, other, (round) => round.milliseconds),
        ratios(first, other, (round) => round.cpuMs),
        ratiosOfEqualWork(first, other),
      ]),
    ],
    notes: [
      `Medians of ${first.rounds.length} rounds, ratios with their range. The readers take turns, round by round; ` +
        'each reads every image from the encoded file to the text. A reader that misses lines saves the time to read ' +
        'them, hence the last column.',
    ],
  };
}

function speed({ name, rounds }: Timed): string[] {
  const milliseconds = median(rounds.map((round) => round.milliseconds));
  const images = rounds[0]?.readings.length ?? 0;
  const cpuMs = median(rounds.map((round) => round.cpuMs));
  return [name, short((images * 1_000) / milliseconds), short(milliseconds), short(cpuMs)];
}

function ratios(first: Timed, other: Timed, time: (round: Round) => number): string {
  const values = other.rounds.map((round, index) => time(round) / time(first.rounds[index]!));
  return `${short(median(values))} (${short(Math.min(...values))} to ${short(Math.max(...values))})`;
}

function ratiosOfEqualWork(first: Timed, other: Timed): string {
  const linesOf = ({ rounds }: Timed): number[] => rounds[0]?.readings.map(({ lines }) => lines) ?? [];
  const theirs = linesOf(other);
  const equal = linesOf(first).flatMap((lines, image) => (lines === theirs[image] ? [image] : []));
  if (equal.length === 0) return 'none';
  const time = ({ readings }: Round): number =>
    equal.reduce((sum, image) => sum + (readings[image]?.milliseconds ?? 0), 0);
  return `${ratios(first, other, time)}, ${equal.length} of ${theirs.length}`;
}
