import { z } from 'zod';
import { type MemoryPlace, recall, remember } from './remembered.ts';
import type { RowTrial } from './runner.ts';

export interface RowTrialOptions {
  /** Milliseconds that the trial may take. */
  readonly budgetMs: number;
  readonly cacheDirectory: string;
  /** What the result depends on: weights, device, threads, the version of ONNX Runtime. */
  readonly identity: readonly (string | number)[];
  /** Tries it again whatever is remembered. @default false */
  readonly anew?: boolean;
  /** What is going on, for people. */
  readonly report: (detail: string) => void;
  /** What came of it. */
  readonly find: (detail: string) => void;
}

/** Version of the trial: what another one has shown is tried again. */
const trialVersion = 1;
const Finding = z.object({ rowWise: z.boolean() });

/**
 * Whether inputs may share a run: as remembered, or as a trial shows now. One that does not end in time shows nothing: each input
 * runs alone, and the next start tries again.
 */
export async function mayShareRuns(trial: RowTrial, options: RowTrialOptions): Promise<boolean> {
  const { budgetMs, cacheDirectory, identity, anew = false, report, find } = options;
  const place: MemoryPlace = { cacheDirectory, folder: 'row-trials', identity: [trialVersion, ...identity] };
  const remembered = anew ? undefined : await recall(place, Finding);
  if (remembered !== undefined) return remembered.rowWise;
  report('trying whether rows may share a run');
  const { rowWise, unfinished } = await trial.run(budgetMs);
  if (unfinished) {
    find(
      `each request runs alone: the trial whether rows may share a run needs more than ${budgetMs / 1_000} s. ` +
        'TENSOR_BATCHING=on lets it finish; off skips it',
    );
    return false;
  }
  if (!rowWise) find('each request runs alone: rows together failed, or gave other results than alone');
  await remember(place, { rowWise });
  return rowWise;
}
