import type { InferOutput } from '../inference.ts';

/** The `server-timing` header: milliseconds in each phase, over all answers of a batch. */
export const serverTiming = (...answers: readonly Pick<InferOutput, 'times'>[]): string =>
  (['queue', 'decode', 'inference', 'postprocess'] as const)
    .map((phase) => `${phase};dur=${answers.reduce((sum, { times }) => sum + Math.max(0, times[phase]), 0).toFixed(3)}`)
    .join(', ');
