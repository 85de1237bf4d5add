import type { CancelTimer, Clock } from './engine.ts';

/**
 * A load that takes longer counts no more: it waits for a download, say, or hangs, and the processors are free for others.
 */
const maxHeldMs = 10_000;

/** Why an engine is launched, the most urgent first. */
const urgencies = ['restart', 'first', 'further'] as const;
/** `restart`: of a model that has been ready; `first`: its model has no replica yet; `further`: it has. */
export type Urgency = (typeof urgencies)[number];

interface Entry {
  readonly urgency: Urgency;
  readonly launch: () => void;
}

/**
 * Lets so many engines load at a time, of all models together: hundreds at once would take the machine from everything else.
 * The most urgent goes first, then who came first. A restart waits for other restarts only, because clients wait for it.
 */
export class LaunchGate {
  readonly #clock: Clock;
  readonly #maxLoading: number;
  readonly #waiting = new Map<Urgency, Set<Entry>>(urgencies.map((urgency) => [urgency, new Set()]));
  readonly #loading = new Set<Entry>();
  #closed = false;

  constructor(clock: Clock, maxLoading: number) {
    this.#clock = clock;
    this.#maxLoading = maxLoading;
  }

  /**
   * Calls `launch` when its turn has come, perhaps at once. The function returned gives the place back, or the turn; it may be
   * called more than once.
   */
  enter(urgency: Urgency, launch: () => void): () => void {
    let cancelTimer: CancelTimer = () => {};
    const leave = (): void => {
      cancelTimer();
      this.#waiting.get(urgency)?.delete(entry);
      if (this.#loading.delete(entry)) this.#admit();
    };
    const entry: Entry = {
      urgency,
      launch: () => {
        cancelTimer = this.#clock.schedule(maxHeldMs, leave);
        launch();
      },
    };
    this.#waiting.get(urgency)?.add(entry);
    this.#admit();
    return leave;
  }

  /** Nothing is launched any more. */
  close(): void {
    this.#closed = true;
    for (const waiting of this.#waiting.values()) waiting.clear();
  }

  #admit(): void {
    for (const urgency of urgencies) {
      for (const entry of this.#waiting.get(urgency) ?? []) {
        if (this.#closed || !this.#hasPlaceFor(urgency)) break;
        this.#waiting.get(urgency)?.delete(entry);
        this.#loading.add(entry);
        entry.launch();
      }
    }
  }

  #hasPlaceFor(urgency: Urgency): boolean {
    if (urgency !== 'restart') return this.#loading.size < this.#maxLoading;
    let restarts = 0;
    for (const entry of this.#loading) if (entry.urgency === 'restart') restarts += 1;
    return restarts < this.#maxLoading;
  }
}
