import type { PhaseTimes } from '../inference.ts';

/**
 * Splits a run by where its sessions run: what comes before the first one is decoding and preprocessing, what the
 * sessions take is inference, and the rest is postprocessing. So no model has to measure itself.
 */
export class Stopwatch {
  #startedAt = 0;
  #firstSessionAt: number | undefined;
  #inference = 0;

  start(): void {
    this.#startedAt = performance.now();
    this.#firstSessionAt = undefined;
    this.#inference = 0;
  }

  sessionRan(startedAt: number, endedAt: number): void {
    this.#firstSessionAt ??= startedAt;
    this.#inference += endedAt - startedAt;
  }

  read(): PhaseTimes {
    const now = performance.now();
    const decode = (this.#firstSessionAt ?? now) - this.#startedAt;
    return {
      decode: round(decode),
      inference: round(this.#inference),
      postprocess: round(now - this.#startedAt - decode - this.#inference),
    };
  }
}

const round = (milliseconds: number): number => Math.round(milliseconds * 1_000) / 1_000;
