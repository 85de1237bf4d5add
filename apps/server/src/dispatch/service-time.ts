/** Weight of the newest run: the estimate follows a change within about ten runs. */
const newestWeight = 0.2;

/** How long a model takes for one input, learned from its runs. */
export class ServiceTime {
  #milliseconds: number | undefined;

  /** Milliseconds an input; undefined before anything was measured. */
  get milliseconds(): number | undefined {
    return this.#milliseconds;
  }

  /** A first guess, from the warm-up run; measured runs replace it. */
  guess(milliseconds: number): void {
    this.#milliseconds ??= milliseconds;
  }

  /** One run of `inputs` took `milliseconds`. */
  record(milliseconds: number, inputs: number): void {
    const each = milliseconds / inputs;
    this.#milliseconds =
      this.#milliseconds === undefined ? each : this.#milliseconds + newestWeight * (each - this.#milliseconds);
  }
}
