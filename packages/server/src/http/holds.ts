/** Counts the requests that are using a version of a model, which is not ended before they are done. */
export class Holds {
  #count = 0;
  #onNone: (() => void)[] = [];

  /** Runs `work` while it counts. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#count += 1;
    try {
      return await work();
    } finally {
      this.#count -= 1;
      if (this.#count === 0) for (const onNone of this.#onNone.splice(0)) onNone();
    }
  }

  /** Resolves as soon as there are none. */
  none(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => this.#onNone.push(resolve));
  }
}
