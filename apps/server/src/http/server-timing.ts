import type { Answer } from '../dispatch/work.ts';

/** The `server-timing` header of an answer: milliseconds in each phase. */
export const serverTiming = ({ times }: Answer): string =>
  (['queue', 'decode', 'inference', 'postprocess'] as const)
    .map((phase) => `${phase};dur=${Math.max(0, times[phase]).toFixed(3)}`)
    .join(', ');
