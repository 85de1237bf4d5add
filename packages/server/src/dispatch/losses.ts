/** Part of a replica's time that the clients of a model may cost it together by what they do to engines. */
const lossPart = 0.15;
/** So many replacements, or so many milliseconds where engines load faster, may come at once. */
const burstReplacements = 2;
const minBurstMs = 1_000;
/** What a client has cost counts while it is more than this part of the burst. */
const riskyPart = 1 / 8;
/** How long another client counts as being there after its last request. */
const contestedMs = 10_000;

/** Milliseconds of engine time that were lost, and leak away as time passes. */
interface Loss {
  /** Surely by what this client sent. */
  ownMs: number;
  /** In runs that it shared with others. */
  sharedMs: number;
  at: number;
}

/**
 * What clients have cost a model by engines that crashed or had to be killed under their inputs, and by runs that nobody
 * waited for: the time of the run, and that of a replacement. It matters while there is more than one client: then one
 * that has cost something runs apart from the others, on one replica at a time, and is refused when the budget is spent.
 */
export class Losses {
  readonly #now: () => number;
  readonly #replacementMs: () => number;
  readonly #byClient = new Map<string, Loss>();
  /** Of all clients. */
  #allMs = 0;
  #allAt = 0;
  #lastClient: string | undefined;
  #contestedAt = Number.NEGATIVE_INFINITY;

  /** @param replacementMs how long an engine takes to load */
  constructor(now: () => number, replacementMs: () => number) {
    this.#now = now;
    this.#replacementMs = replacementMs;
  }

  /** A request of this client has come. */
  meet(client: string): void {
    if (client === this.#lastClient) return;
    if (this.#lastClient !== undefined) this.#contestedAt = this.#now();
    this.#lastClient = client;
  }

  /** There is a client to protect from another. */
  get matter(): boolean {
    return this.#byClient.size > 0 && this.contested;
  }

  /** More than one client is there. */
  get contested(): boolean {
    return this.#now() - this.#contestedAt < contestedMs;
  }

  /** Clients that have cost something and have not made up for it. */
  get size(): number {
    this.#sweep();
    return this.#byClient.size;
  }

  /** An engine was lost, or has run for nobody, for as long as this. With several clients in the run, which one caused it is unknown. */
  add(clients: ReadonlySet<string>, milliseconds: number): void {
    if (clients.size === 0) return;
    this.#sweep();
    for (const client of clients) {
      const loss = this.#leak(client) ?? { ownMs: 0, sharedMs: 0, at: this.#now() };
      if (clients.size === 1) loss.ownMs += milliseconds;
      else loss.sharedMs += milliseconds;
      this.#byClient.set(client, loss);
    }
    this.#allMs = this.#allLeft() + milliseconds;
    this.#allAt = this.#now();
  }

  /** It shares no run with other clients. */
  apart(client: string): boolean {
    if (!this.matter) return false;
    const loss = this.#leak(client);
    return loss !== undefined && Math.max(loss.ownMs, loss.sharedMs) > this.#riskyMs;
  }

  /** It has cost engine time, and might again: only one replica at a time runs its jobs. */
  risky(client: string): boolean {
    return this.matter && (this.#leak(client)?.ownMs ?? 0) > this.#riskyMs;
  }

  /** Milliseconds until the budget allows a risky client to run again; 0 where it does now, or where the client is not risky. */
  refusedForMs(client: string): number {
    if (!this.risky(client)) return 0;
    const ownMs = this.#leak(client)?.ownMs ?? 0;
    const allowedMs = this.#burstMs - this.#replacementMs();
    const overMs = Math.max(ownMs, this.#allLeft()) - allowedMs;
    return Math.max(0, Math.min(overMs, ownMs - this.#riskyMs)) / lossPart;
  }

  get #burstMs(): number {
    return Math.max(minBurstMs, burstReplacements * this.#replacementMs());
  }

  get #riskyMs(): number {
    return this.#burstMs * riskyPart;
  }

  #allLeft(): number {
    return Math.max(0, this.#allMs - (this.#now() - this.#allAt) * lossPart);
  }

  #leak(client: string): Loss | undefined {
    const loss = this.#byClient.get(client);
    if (loss === undefined) return undefined;
    const now = this.#now();
    const leakedMs = (now - loss.at) * lossPart;
    loss.ownMs = Math.max(0, loss.ownMs - leakedMs);
    loss.sharedMs = Math.max(0, loss.sharedMs - leakedMs);
    loss.at = now;
    return loss;
  }

  /** Each loss takes engine time, so there are never many to look at. */
  #sweep(): void {
    for (const client of this.#byClient.keys()) {
      const loss = this.#leak(client);
      if (loss !== undefined && loss.ownMs + loss.sharedMs === 0) this.#byClient.delete(client);
    }
  }
}
