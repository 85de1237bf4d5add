import type { PhaseTimes } from '../inference.ts';
import type { RequestOutcome } from './metrics.ts';

/** How often something was done, and how long it took in total. */
export interface Tally {
  readonly count: number;
  readonly milliseconds: number;
}

/** The runs of so many inputs each. */
export interface RunTally extends PhaseTimes {
  readonly count: number;
}

/** What has happened to one model since the server started. */
export interface ModelStatistics {
  /** When its last request succeeded, in milliseconds since 1970; 0 before. */
  readonly lastSuccessAt: number;
  /** Requests, from their headers to their response. */
  readonly succeeded: Tally;
  /** Those that were refused are among them. */
  readonly failed: Tally;
  /** The wait of inputs for an engine. */
  readonly queued: Tally;
  /** By the number of their inputs, in ascending order. */
  readonly runs: ReadonlyMap<number, RunTally>;
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

class Counts {
  lastSuccessAt = 0;
  readonly succeeded: Mutable<Tally> = { count: 0, milliseconds: 0 };
  readonly failed: Mutable<Tally> = { count: 0, milliseconds: 0 };
  readonly queued: Mutable<Tally> = { count: 0, milliseconds: 0 };
  readonly runs = new Map<number, Mutable<RunTally>>();
}

/** Counts events by model, for protocols with statistics of their own; `/metrics` counts the same events. */
export class Statistics {
  readonly #models = new Map<string, Counts>();
  readonly #now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  ended(model: string, outcome: RequestOutcome, milliseconds: number): void {
    const counts = this.#of(model);
    if (outcome === 'ok') counts.lastSuccessAt = this.#now();
    add(outcome === 'ok' ? counts.succeeded : counts.failed, milliseconds);
  }

  started(model: string, queueMs: readonly number[]): void {
    const { queued } = this.#of(model);
    for (const milliseconds of queueMs) add(queued, milliseconds);
  }

  ran(model: string, { decode, inference, postprocess }: PhaseTimes, batchSize: number): void {
    const { runs } = this.#of(model);
    let run = runs.get(batchSize);
    if (run === undefined) runs.set(batchSize, (run = { count: 0, decode: 0, inference: 0, postprocess: 0 }));
    run.count += 1;
    run.decode += decode;
    run.inference += inference;
    run.postprocess += postprocess;
  }

  /** All zero for a model that has had no request. */
  of(model: string): ModelStatistics {
    const { lastSuccessAt, succeeded, failed, queued, runs } = this.#models.get(model) ?? new Counts();
    return { lastSuccessAt, succeeded, failed, queued, runs: new Map([...runs].sort(([one], [other]) => one - other)) };
  }

  #of(model: string): Counts {
    let counts = this.#models.get(model);
    if (counts === undefined) this.#models.set(model, (counts = new Counts()));
    return counts;
  }
}

function add(tally: Mutable<Tally>, milliseconds: number): void {
  tally.count += 1;
  tally.milliseconds += milliseconds;
}
