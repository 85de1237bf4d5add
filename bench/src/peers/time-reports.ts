import { type Report, short } from '../report.ts';
import { median } from '../statistics.ts';
import type { Round } from './reading.ts';

/** All rounds of one reader. */
export interface Timed {
  readonly name: string;
  readonly rounds: readonly Round[];
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
