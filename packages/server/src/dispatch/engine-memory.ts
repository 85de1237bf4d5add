import type { Outcome } from './engine.ts';

/**
 * After this many inputs in a row without enough memory, an engine that has worked is replaced: a fragmented arena finds no room for a
 * large buffer, and the libraries of a GPU do not recover from a handle that they could not create.
 */
const maxExhaustedInARow = 3;
/** But not before this age, so that inputs that are too large for any engine cost at most one load a minute. */
const minLifeMs = 60_000;

export interface EngineMemoryLimits {
  /** Over the soft limit the engine is replaced after its jobs, over the hard one at once. */
  readonly softBytes: number;
  readonly hardBytes: number;
}

/** Whether an engine has too much memory, or finds none. */
export class EngineMemory {
  readonly #limits: EngineMemoryLimits;
  #residentBytes = 0;
  #exhaustedInARow = 0;

  constructor(limits: EngineMemoryLimits) {
    this.#limits = limits;
  }

  /** What it holds, as last sampled. */
  get residentBytes(): number {
    return this.#residentBytes;
  }

  /** Takes a sample; returns which limit it is over. */
  sample(residentBytes: number): 'memory-soft' | 'memory-hard' | undefined {
    this.#residentBytes = residentBytes;
    if (residentBytes > this.#limits.hardBytes) return 'memory-hard';
    return residentBytes > this.#limits.softBytes ? 'memory-soft' : undefined;
  }

  count(outcome: Outcome): void {
    if (outcome.ok) this.#exhaustedInARow = 0;
    else if (outcome.failure.code === 'OUT_OF_MEMORY') this.#exhaustedInARow += 1;
  }

  /** It finds no more memory; a new process may. */
  isExhausted(lifeMs: number): boolean {
    return this.#exhaustedInARow >= maxExhaustedInARow && lifeMs >= minLifeMs;
  }
}
