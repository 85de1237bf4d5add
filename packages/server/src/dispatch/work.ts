import type { Failure } from '@portico/schemas';
import type { CallOff } from './clock.ts';
import type { InferInput, PhaseTimes } from '../inference.ts';

/** The answer to one request. */
export interface Answer {
  /** Ready to be forwarded: JSON that was checked against the task's schema in the engine, or what was asked for. */
  readonly body: Uint8Array;
  readonly times: PhaseTimes & { readonly queue: number };
}

/** One accepted request on its way through the queue and an engine. It is answered exactly once. */
export class Work {
  readonly id: number;
  readonly enqueuedAt: number;
  /** Dropped once answered, so that a client who left frees his upload. */
  payload: InferInput | undefined;
  /** Engines that died while they ran this. */
  deaths = 0;
  /** Was in a batch that went wrong, so it runs alone from now on. */
  suspect = false;
  /**
   * What an engine knows it by, new with each sending: an engine may begin with work just when it is taken back, and
   * that must not pass for the next time it is sent.
   */
  ticket = 0;
  /** When the engine began, or undefined while it waits. */
  startedAt: number | undefined;
  /** Calls off the deadline and forgets the client's signal. */
  release: CallOff = () => {};
  /** Starts the deadline anew: the client has got something. */
  renewDeadline: () => void = () => {};
  /** Items that the client was told. */
  #items = 0;
  readonly #onItem: ((item: Uint8Array) => void) | undefined;
  readonly #settle: (result: Answer | Failure) => void;

  constructor(options: {
    id: number;
    payload: InferInput;
    enqueuedAt: number;
    settle: (result: Answer | Failure) => void;
    onItem?: ((item: Uint8Array) => void) | undefined;
  }) {
    this.id = options.id;
    this.payload = options.payload;
    this.enqueuedAt = options.enqueuedAt;
    this.#settle = options.settle;
    this.#onItem = options.onItem;
  }

  get answered(): boolean {
    return this.payload === undefined;
  }

  /** Tells the client an item; one that he has heard from a run before, whose engine died, is dropped. */
  tell(index: number, item: Uint8Array): void {
    if (this.answered || index !== this.#items) return;
    this.#items += 1;
    this.renewDeadline();
    this.#onItem?.(item);
  }

  /** Answers the client; whatever comes after the first answer is dropped. */
  answer(result: Answer | Failure): boolean {
    if (this.answered) return false;
    this.payload = undefined;
    this.release();
    this.#settle(result);
    return true;
  }
}
