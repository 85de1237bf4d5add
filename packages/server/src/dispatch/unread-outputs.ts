/** The outputs of one response that its client has not read. */
export interface UnreadOutput {
  /** There is more to read. It may end another response. */
  add(bytes: number): void;
  /** The client has read on, and so many bytes are not held any more. */
  read(bytes: number): void;
  /** Closing it again is harmless. */
  close(): void;
}

/**
 * Bounds the bytes of outputs that wait to be read, over all requests. When there is no room for more, the response that
 * has made no progress for the longest time is ended. One response alone may hold more.
 */
export class UnreadOutputs {
  readonly #limit: number;
  /** Whose client has read nothing for the longest time comes first. */
  readonly #responses = new Set<Unread>();
  #held = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  get heldBytes(): number {
    return this.#held;
  }

  /** @param onStuck ends the response: others need its place. */
  open(onStuck: () => void): UnreadOutput {
    const unread: Unread = { bytes: 0, onStuck };
    this.#responses.add(unread);
    return {
      add: (bytes) => {
        if (!this.#responses.has(unread)) return;
        unread.bytes += bytes;
        this.#held += bytes;
        this.#makeRoom(unread);
      },
      read: (bytes) => {
        if (!this.#responses.delete(unread)) return;
        this.#responses.add(unread);
        unread.bytes -= bytes;
        this.#held -= bytes;
      },
      close: () => this.#close(unread),
    };
  }

  #makeRoom(newest: Unread): void {
    for (const unread of this.#responses) {
      if (this.#held <= this.#limit) return;
      if (unread === newest || unread.bytes === 0) continue;
      this.#close(unread);
      unread.onStuck();
    }
  }

  #close(unread: Unread): void {
    if (this.#responses.delete(unread)) this.#held -= unread.bytes;
  }
}

interface Unread {
  bytes: number;
  readonly onStuck: () => void;
}
