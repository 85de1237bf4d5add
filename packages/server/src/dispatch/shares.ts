/** A table this small is not worth a sweep. */
const minSweepSize = 64;

/**
 * What each client has had of one model, so that clients that wait are served in turns: start-time fair queueing, counted in
 * milliseconds of engine time. A client that comes counts as if it had had its share until now; no client saves up turns,
 * and what a client has had beyond its share is forgotten when it has nothing in the dispatcher and the others are level.
 */
export class Shares {
  readonly #byClient = new Map<string, Share>();
  readonly #level: Level = { servedMs: 0, maxServedMs: 0, active: 0 };
  #sweepSize = minSweepSize;

  /** The share of a client; a new one where nothing is known of it. */
  of(client: string): Share {
    const known = this.#byClient.get(client);
    if (known !== undefined) return known;
    if (this.#byClient.size >= this.#sweepSize) this.#sweep();
    const share = new Share(client, this.#level);
    this.#byClient.set(client, share);
    return share;
  }

  /** The share of a client that something is known of. */
  find(client: string): Share | undefined {
    return this.#byClient.get(client);
  }

  /** Where a client starts that nothing is known of. */
  get levelMs(): number {
    return this.#level.servedMs;
  }

  /** Clients that something has to be remembered of. */
  get size(): number {
    this.#sweep();
    return this.#byClient.size;
  }

  /** Forgets clients that have nothing pending or running and nothing to make up for: as many as are kept come in before the next sweep. */
  #sweep(): void {
    for (const [client, share] of this.#byClient) if (share.forgettable) this.#byClient.delete(client);
    this.#sweepSize = Math.max(minSweepSize, 2 * this.#byClient.size);
  }
}

/** What all shares of a model have in common. */
interface Level {
  /** What a client has had that always waited and got its share, ever since. */
  servedMs: number;
  /** What the most served client has had. */
  maxServedMs: number;
  /** Clients that have a job in the queue or in an engine. */
  active: number;
}

/** What one client has pending, and what it has had of the engines. */
export class Share {
  readonly client: string;
  readonly #level: Level;
  #servedMs: number;
  #queued = 0;
  #inEngines = 0;

  constructor(client: string, level: Level) {
    this.client = client;
    this.#level = level;
    this.#servedMs = level.servedMs;
  }

  /** Jobs in the queue. */
  get queued(): number {
    return this.#queued;
  }

  /** Nothing of it is lost when it is made anew. */
  get forgettable(): boolean {
    return this.#idle && this.#servedMs <= this.#level.servedMs;
  }

  /** What it will have had when engines are done with what they have, at so much for each input. The client with the least is next. */
  scoreMs(inputMs: number): number {
    const servedMs = this.#idle ? Math.max(this.#servedMs, this.#level.servedMs) : this.#servedMs;
    return servedMs + this.#inEngines * inputMs;
  }

  /** A job of it is queued. */
  enqueue(): void {
    if (this.#idle) {
      this.#servedMs = Math.max(this.#servedMs, this.#level.servedMs);
      this.#level.active += 1;
    }
    this.#queued += 1;
  }

  /** A job leaves the queue for good. */
  dequeue(): void {
    this.#queued -= 1;
    this.#rest();
  }

  /** A job leaves the queue for an engine: it was its turn. */
  send(): void {
    // What engines still have of it is not served yet, or those who come would start behind it.
    this.#level.servedMs = Math.max(this.#level.servedMs, this.#servedMs);
    this.#queued -= 1;
    this.#inEngines += 1;
  }

  /** An engine no longer has a job. */
  leaveEngine(): void {
    this.#inEngines -= 1;
    this.#rest();
  }

  /** Engine time that was spent on it, or because of it. */
  charge(milliseconds: number): void {
    this.#servedMs += milliseconds;
    this.#level.maxServedMs = Math.max(this.#level.maxServedMs, this.#servedMs);
    // Whatever new clients come, those that have had more get their turn again.
    this.#level.servedMs += milliseconds / Math.max(1, this.#level.active);
  }

  get #idle(): boolean {
    return this.#queued + this.#inEngines === 0;
  }

  #rest(): void {
    if (!this.#idle) return;
    this.#level.active -= 1;
    // No client waits, so none has had too much.
    if (this.#level.active === 0) this.#level.servedMs = Math.max(this.#level.servedMs, this.#level.maxServedMs);
  }
}
