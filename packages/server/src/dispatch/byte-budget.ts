import { Failure } from '@portico/schemas';

/** A share of the budget. Releasing it twice is harmless. */
export interface ByteLease {
  /** Makes the share at least `bytes` large. Throws `OVERLOADED` when that much is not free. */
  growTo(bytes: number): void;
  release(): void;
}

/** Bounds the bytes of uploads that are held at one time, over all requests. */
export class ByteBudget {
  readonly #limit: number;
  #held = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  get heldBytes(): number {
    return this.#held;
  }

  lease(): ByteLease {
    let share = 0;
    let released = false;
    return {
      growTo: (bytes) => {
        if (released || bytes <= share) return;
        const more = bytes - share;
        if (this.#held + more > this.#limit) {
          throw new Failure('OVERLOADED', 'The memory for uploads (MAX_INFLIGHT_MB) is full. Try again shortly.', {
            retryAfterSeconds: 1,
          });
        }
        this.#held += more;
        share = bytes;
      },
      release: () => {
        released = true;
        this.#held -= share;
        share = 0;
      },
    };
  }
}
