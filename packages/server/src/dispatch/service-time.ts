/** Weight of the newest run: the estimate follows a change within about ten runs. */
const newestWeight = 0.2;

/** How long runs are expected to take. */
export interface ServiceEstimate {
  /** Milliseconds of a replica's time that an input costs; the inputs of one run share it. */
  readonly inputMs: number;
  /** Milliseconds from the beginning of a run to its end. */
  readonly runMs: number;
}

export interface MeasuredRun {
  readonly milliseconds: number;
  readonly inputs: number;
  /** Replicas that were busy at the time, this one included: they share processors, memory and caches. */
  readonly busyReplicas: number;
  /** At least one of its inputs got its answer. */
  readonly succeeded: boolean;
}

interface Level extends ServiceEstimate {
  readonly runs: number;
}

/** How long a model takes, learned from its runs: for each number of busy replicas by itself. */
export class ServiceTime {
  #guess: Level | undefined;
  /** By the number of busy replicas. */
  readonly #levels: (Level | undefined)[] = [];

  /** A first guess, from the warm-up run; measured runs replace it. */
  guess(milliseconds: number): void {
    this.#guess ??= { inputMs: milliseconds, runMs: milliseconds, runs: 1 };
  }

  /** What a run takes while so many replicas are busy; undefined before anything was measured. */
  estimate(busyReplicas: number): ServiceEstimate | undefined {
    return this.#nearest(busyReplicas);
  }

  record({ milliseconds, inputs, busyReplicas, succeeded }: MeasuredRun): void {
    const known = this.#nearest(busyReplicas);
    // What fails may fail early: it says nothing of how soon a success would come.
    if (!succeeded && milliseconds <= (known?.runMs ?? Number.POSITIVE_INFINITY)) return;
    const measured = { inputMs: milliseconds / inputs, runMs: milliseconds };
    // What was known of another number of replicas counts as one run.
    const runs = this.#levels[busyReplicas]?.runs ?? Math.min(1, known?.runs ?? 0);
    const weight = Math.max(newestWeight, 1 / (runs + 1));
    const { inputMs, runMs } = known ?? measured;
    this.#levels[busyReplicas] = {
      inputMs: inputMs + weight * (measured.inputMs - inputMs),
      runMs: runMs + weight * (measured.runMs - runMs),
      runs: runs + 1,
    };
  }

  /** What is known of so many busy replicas, or else of the next fewer, or else of the next more. */
  #nearest(busyReplicas: number): Level | undefined {
    const known = this.#levels.slice(0, busyReplicas + 1).findLast((level) => level !== undefined);
    return known ?? this.#levels.find((level) => level !== undefined) ?? this.#guess;
  }
}
