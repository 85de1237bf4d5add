import { clockText } from '../../sound/time.ts';

/** The distances that people read easily, in seconds. */
const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600];

/** A time of the axis. */
export interface Tick {
  readonly time: number;
  readonly text: string;
}

/** The smallest readable step of which at most `count` fit into a duration; any step, if there is no such. */
export const tickStep = (duration: number, count: number): number =>
  steps.find((step) => duration / step <= count) ?? duration / count;

/** The times of an axis: at most `count` and the first, at 0. */
export function ticksOf(duration: number, count: number): Tick[] {
  if (duration <= 0 || count < 1) return [];
  const step = tickStep(duration, count);
  const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
  return Array.from({ length: Math.floor(duration / step + 1e-9) + 1 }, (_, index) => ({
    time: index * step,
    text: clockText(index * step, digits),
  }));
}
