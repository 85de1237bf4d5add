import { Failure } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';
import { type ClientId, clientOf } from './clients.ts';

export interface RateLimitSettings {
  readonly perSecond: number;
  /** Requests that may come at once after a pause. */
  readonly burst: number;
}

/** A table this small is not worth a sweep. */
const minSweepSize = 1_000;
/** Beyond this many clients within one burst's time those that came first start anew; an entry takes about 100 bytes. */
const maxClients = 100_000;

/** A token bucket for each client, as one number: when it is full again (the generic cell rate algorithm). */
export class RateLimit {
  readonly #intervalMs: number;
  readonly #burst: number;
  readonly #now: () => number;
  readonly #fullAt = new Map<ClientId, number>();
  #sweepSize = minSweepSize;

  constructor({ perSecond, burst }: RateLimitSettings, now: () => number = () => performance.now()) {
    this.#intervalMs = 1_000 / perSecond;
    this.#burst = burst;
    this.#now = now;
  }

  /** Clients whose bucket is not full, and some whose bucket has become so. */
  get size(): number {
    return this.#fullAt.size;
  }

  /**
   * Takes a token for each request. What is more than a burst holds passes when the bucket is full, and is paid off after that.
   * @throws {Failure} `RATE_LIMITED` when there are too few.
   */
  take(client: ClientId, requests: number): void {
    const now = this.#now();
    const fullAt = Math.max(now, this.#fullAt.get(client) ?? now);
    const waitMs = fullAt + (Math.min(requests, this.#burst) - this.#burst) * this.#intervalMs - now;
    // Sums of fractions of a millisecond are never exact.
    if (waitMs > 0.001) {
      throw new Failure('RATE_LIMITED', 'This client has sent more requests than RATE_LIMIT allows. Try again later.', {
        retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
      });
    }
    this.#set(client, fullAt + requests * this.#intervalMs);
  }

  /** Takes tokens for requests that have been accepted already. */
  charge(client: ClientId, requests: number): void {
    if (requests > 0)
      this.#set(client, Math.max(this.#now(), this.#fullAt.get(client) ?? 0) + requests * this.#intervalMs);
  }

  #set(client: ClientId, fullAt: number): void {
    this.#fullAt.set(client, fullAt);
    if (this.#fullAt.size > this.#sweepSize) this.#sweep();
  }

  /** Forgets full buckets: as many entries as are kept come in before the next sweep. */
  #sweep(): void {
    const now = this.#now();
    for (const [client, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(client);
    for (const client of this.#fullAt.keys()) {
      if (this.#fullAt.size <= maxClients / 2) break;
      this.#fullAt.delete(client);
    }
    this.#sweepSize = Math.max(minSweepSize, 2 * this.#fullAt.size);
  }
}

/** What the check needs of a gateway. */
interface Limited {
  readonly rateLimit?: RateLimit | undefined;
  readonly requests: { rejected(model: string, reason: 'rate-limit'): void };
}

/** The check of `RATE_LIMIT` for a request that runs models. Throws `RATE_LIMITED`. */
export function checkRate(gateway: Limited, request: FastifyRequest, models: readonly string[], requests = 1): void {
  if (gateway.rateLimit === undefined) return;
  try {
    gateway.rateLimit.take(clientOf(request), requests);
  } catch (error) {
    for (const model of models) gateway.requests.rejected(model, 'rate-limit');
    throw error;
  }
}
