import { z } from 'zod';
import type { LoadReport } from '../inference.ts';
import { weightsSource } from '../weights/weights-file.ts';
import type { LoadCommand } from '../wire/messages.ts';
import { type MemoryPlace, recall, remember } from './remembered.ts';

/** Milliseconds of the stages whose length says something about the next load; a download depends on the network alone. */
const Finding = z.object({ loading: z.number().nonnegative(), 'warming-up': z.number().nonnegative() });
type Finding = z.infer<typeof Finding>;
type Stage = keyof Finding;

/** How long the stages of a load took last time, which is what is expected of this one; and how long they take now. */
export class LoadTimes {
  readonly #place: MemoryPlace;
  readonly #expected: Finding | undefined;
  readonly #began = new Map<Stage, number>();

  private constructor(place: MemoryPlace, expected: Finding | undefined) {
    this.#place = place;
    this.#expected = expected;
  }

  static async recall({ module, variant, weights, options }: LoadCommand): Promise<LoadTimes> {
    const sources = Object.values(weights).map(weightsSource);
    const identity = [module, variant, sources, options.device, options.threads];
    const place: MemoryPlace = { cacheDirectory: options.cacheDirectory, folder: 'load-times', identity };
    return new LoadTimes(place, await recall(place, Finding));
  }

  /** The report with what is expected to follow. Weights that have yet to come may take any time. */
  complete(report: LoadReport): LoadReport {
    const { stage, remainingMs } = report;
    if (stage === 'loading' || stage === 'warming-up') return { ...report, remainingMs: this.#expectedFrom(stage) };
    if (remainingMs === undefined) return report;
    return { ...report, remainingMs: remainingMs + (this.#expectedFrom('loading') ?? 0) };
  }

  begin(stage: Stage): void {
    this.#began.set(stage, performance.now());
  }

  /** The engine is ready. */
  async end(): Promise<void> {
    const now = performance.now();
    const loadingAt = this.#began.get('loading') ?? now;
    const warmingUpAt = this.#began.get('warming-up') ?? now;
    const finding: Finding = {
      loading: Math.round(warmingUpAt - loadingAt),
      'warming-up': Math.round(now - warmingUpAt),
    };
    await remember(this.#place, finding);
  }

  #expectedFrom(stage: Stage): number | undefined {
    if (this.#expected === undefined) return undefined;
    return this.#expected['warming-up'] + (stage === 'loading' ? this.#expected.loading : 0);
  }
}
