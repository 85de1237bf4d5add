import { type Report, short } from '../report.ts';
import type { Timed } from './time-reports.ts';

/** Where the time of a reader goes that tells its stages. */
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
