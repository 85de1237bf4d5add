import { Failure } from '@portico/schemas';
import { type Clock, systemClock } from './engine.ts';

/** Rates are measured once in this time, for all uploads together, while anything is held. */
const sweepMs = 500;
/** What a body must bring in every window, on average: any network does, and a client that sends less holds a place on purpose. */
const minBytesPerSecond = 1_024;
const windowSweeps = 20;
/** Weight of the newest interval in a rate: an upload that stops halves its rate with every sweep. */
const newestWeight = 0.5;
/** A rate means nothing before. */
const graceSweeps = 3;
/**
 * An upload that needs this long, at its present rate, to send again what it holds is slow, and ends when memory is
 * short. To keep memory full, clients must send all of it anew in this time, and then it is not slowness that fills it.
 */
const slowSeconds = 8;
/**
 * A client may hold so many times what stays free: alone three quarters of the memory, one of n nearly an equal share, and
 * 1 / (3n + 1) stays free for the next to come. (Choudhury and Hahne, Dynamic queue length thresholds for shared-memory
 * packet switches, 1998.)
 */
const heldPerFree = 3;
/** A client's only upload may take all that is free while the others hold less than this: it may be that large. */
const maxOthersShare = 1 / (heldPerFree + 1);
/** Weight of the newest interval in the rate at which memory becomes free. */
const newestFreedWeight = 0.1;
/** When to come back if little becomes free: by then what is slow has lost its place. */
const maxRetryAfterSeconds = 10;

/** What one request holds of the budget. After its release nothing counts any more, and releasing it again is harmless. */
export interface ByteLease {
  readonly heldBytes: number;
  /**
   * A body begins to arrive. `onLost` is called if it loses its place before it is complete, and what it held is free then:
   * with `REQUEST_TIMEOUT` because it was too slow, with `RATE_LIMITED` because its client holds more than its share.
   */
  begin(onLost: (failure: Failure) => void): void;
  /** Bytes of the body have arrived, held or not. */
  arrived(bytes: number): void;
  /** The body has arrived. It cannot lose its place any more. */
  complete(): void;
  /** Takes a place for bytes. Throws `OVERLOADED` or `RATE_LIMITED` where there is none. */
  take(bytes: number): void;
  giveBack(bytes: number): void;
  /** From now on it is so many bytes: what was held has been replaced. Throws as `take` does. */
  hold(bytes: number): void;
  release(): void;
  /** Nothing that arrives from now on has a place. */
  readonly released: boolean;
}

/** What one client holds, in all its leases. */
interface Client {
  readonly id: string;
  heldBytes: number;
  leases: number;
}

/**
 * Bounds the bytes of uploads that are held at one time, over all requests. When it is full, slow uploads lose their place,
 * then those of clients that hold more than an equal share.
 */
export class ByteBudget {
  readonly #limit: number;
  readonly #clock: Clock;
  /** The clients that hold anything. */
  readonly #clients = new Map<string, Client>();
  readonly #arriving = new Set<Lease>();
  #held = 0;
  #sweeping = false;
  #freedBytes = 0;
  #freedPerSecond = 0;

  constructor(limitBytes: number, clock: Clock = systemClock) {
    this.#limit = limitBytes;
    this.#clock = clock;
  }

  get heldBytes(): number {
    return this.#held;
  }

  /** @param onRefused is called when memory is short and this lease does not get, or keep, its place. */
  lease(client: string, onRefused?: () => void): ByteLease {
    return new Lease(client, this.#owner, onRefused);
  }

  readonly #owner: LeaseOwner = {
    take: (lease, bytes) => this.#take(lease, bytes),
    free: (lease, bytes) => this.#free(lease, bytes),
    begun: (lease) => {
      this.#arriving.add(lease);
      this.#startSweeping();
    },
    complete: (lease) => void this.#arriving.delete(lease),
  };

  #take(lease: Lease, bytes: number): void {
    const client = this.#clients.get(lease.client) ?? { id: lease.client, heldBytes: 0, leases: 0 };
    while (!this.#fits(lease, client, bytes)) {
      if (this.#endSlowest(lease) || this.#endGreediest(client, bytes)) continue;
      lease.onRefused?.();
      throw this.#refusal(client, lease.heldBytes + bytes, client.heldBytes + bytes);
    }
    if (lease.heldBytes === 0) client.leases += 1;
    this.#clients.set(client.id, client);
    client.heldBytes += bytes;
    lease.heldBytes += bytes;
    this.#held += bytes;
    this.#startSweeping();
  }

  #free(lease: Lease, bytes: number): void {
    const client = this.#clients.get(lease.client);
    if (client === undefined) return;
    lease.heldBytes -= bytes;
    client.heldBytes -= bytes;
    this.#held -= bytes;
    this.#freedBytes += bytes;
    if (lease.heldBytes === 0) client.leases -= 1;
    if (client.leases === 0) this.#clients.delete(client.id);
  }

  #fits(lease: Lease, client: Client, bytes: number): boolean {
    const free = this.#limit - this.#held - bytes;
    if (free < 0) return false;
    if (client.heldBytes + bytes <= heldPerFree * free) return true;
    return client.heldBytes === lease.heldBytes && this.#held - client.heldBytes < maxOthersShare * this.#limit;
  }

  /** Ends the slow upload that holds most. Returns whether there was one. */
  #endSlowest(except: Lease): boolean {
    const lease = maxBy(this.#arriving, (one) => (one !== except && one.slow ? one.heldBytes : 0));
    lease?.onRefused?.();
    const detail =
      'The memory for uploads (MAX_INFLIGHT_MB) is full, and this one was slow. Retry over a faster connection.';
    lease?.lose(new Failure('REQUEST_TIMEOUT', detail));
    return lease !== undefined;
  }

  /** Ends the largest upload of the client that holds most, for one that will still hold no more than an equal share. */
  #endGreediest(client: Client, bytes: number): boolean {
    const share = this.#equalShare(client);
    if (client.heldBytes + bytes > share) return false;
    const heldBy = ({ client: id }: Lease): number => this.#clients.get(id)?.heldBytes ?? 0;
    const greediest = maxBy(this.#arriving, (one) => (one.heldBytes > 0 && heldBy(one) > share ? heldBy(one) : 0));
    const lease = maxBy(this.#arriving, (one) => (one.client === greediest?.client ? one.heldBytes : 0));
    lease?.onRefused?.();
    lease?.lose(this.#overShare(lease.heldBytes));
    return lease !== undefined;
  }

  #refusal(client: Client, wantedBytes: number, clientBytes: number): Failure {
    const share = this.#equalShare(client);
    if (share < this.#limit && clientBytes > share) return this.#overShare(wantedBytes);
    const detail = 'The memory for uploads (MAX_INFLIGHT_MB) is full. Try again later.';
    return new Failure('OVERLOADED', detail, { retryAfterSeconds: this.#secondsToFree(wantedBytes) });
  }

  #overShare(bytes: number): Failure {
    const detail =
      'Uploads of this client fill its share of the memory for uploads (MAX_INFLIGHT_MB). Send fewer at once.';
    return new Failure('RATE_LIMITED', detail, { retryAfterSeconds: this.#secondsToFree(bytes) });
  }

  /** What each client would hold if all held the same; this one may be about to become one of them. */
  #equalShare({ leases }: Client): number {
    return this.#limit / (this.#clients.size + (leases === 0 ? 1 : 0));
  }

  /** At the rate at which memory becomes free. */
  #secondsToFree(bytes: number): number {
    return Math.min(maxRetryAfterSeconds, Math.max(1, Math.ceil(bytes / this.#freedPerSecond)));
  }

  #startSweeping(): void {
    if (this.#sweeping) return;
    this.#sweeping = true;
    this.#clock.schedule(sweepMs, this.#sweep);
  }

  /** Time counts in sweeps: while the gateway does not get to read what has arrived, no client counts as slow. */
  readonly #sweep = (): void => {
    this.#freedPerSecond += newestFreedWeight * ((this.#freedBytes * 1_000) / sweepMs - this.#freedPerSecond);
    this.#freedBytes = 0;
    for (const lease of this.#arriving) lease.measure();
    this.#sweeping = false;
    if (this.#held > 0 || this.#arriving.size > 0) this.#startSweeping();
  };
}

/** What a lease needs of its budget. */
interface LeaseOwner {
  take(lease: Lease, bytes: number): void;
  free(lease: Lease, bytes: number): void;
  begun(lease: Lease): void;
  complete(lease: Lease): void;
}

class Lease implements ByteLease {
  readonly client: string;
  readonly onRefused: (() => void) | undefined;
  heldBytes = 0;
  readonly #owner: LeaseOwner;
  #released = false;
  #onLost: ((failure: Failure) => void) | undefined;
  #sweeps = 0;
  /** Arrived since the last sweep, and since the window began. */
  #newBytes = 0;
  #windowBytes = 0;
  #bytesPerSecond = 0;

  constructor(client: string, owner: LeaseOwner, onRefused: (() => void) | undefined) {
    this.client = client;
    this.#owner = owner;
    this.onRefused = onRefused;
  }

  begin(onLost: (failure: Failure) => void): void {
    if (this.#released) return;
    this.#onLost = onLost;
    this.#owner.begun(this);
  }

  arrived(bytes: number): void {
    this.#newBytes += bytes;
  }

  complete(): void {
    this.#onLost = undefined;
    this.#owner.complete(this);
  }

  take(bytes: number): void {
    if (!this.#released && bytes > 0) this.#owner.take(this, bytes);
  }

  giveBack(bytes: number): void {
    const given = Math.min(bytes, this.heldBytes);
    if (given > 0) this.#owner.free(this, given);
  }

  hold(bytes: number): void {
    if (bytes > this.heldBytes) this.take(bytes - this.heldBytes);
    else this.giveBack(this.heldBytes - bytes);
  }

  get released(): boolean {
    return this.#released;
  }

  release(): void {
    this.#released = true;
    this.complete();
    this.giveBack(this.heldBytes);
  }

  /** It would need long to send again what it holds. */
  get slow(): boolean {
    return this.#sweeps >= graceSweeps && this.heldBytes >= slowSeconds * this.#bytesPerSecond;
  }

  lose(failure: Failure): void {
    const onLost = this.#onLost;
    this.release();
    onLost?.(failure);
  }

  /** A sweep: how fast has it been? */
  measure(): void {
    this.#sweeps += 1;
    this.#bytesPerSecond += newestWeight * ((this.#newBytes * 1_000) / sweepMs - this.#bytesPerSecond);
    this.#windowBytes += this.#newBytes;
    this.#newBytes = 0;
    if (this.#sweeps % windowSweeps !== 0) return;
    const seconds = (windowSweeps * sweepMs) / 1_000;
    if (this.#windowBytes < seconds * minBytesPerSecond) {
      const detail = `The body arrived at less than ${minBytesPerSecond} bytes per second over ${seconds} s. Retry over a faster connection.`;
      this.lose(new Failure('REQUEST_TIMEOUT', detail));
    }
    this.#windowBytes = 0;
  }
}

/** The item with the highest value above 0. */
function maxBy<Item>(items: Iterable<Item>, valueOf: (item: Item) => number): Item | undefined {
  let found: Item | undefined;
  let max = 0;
  for (const item of items) {
    const value = valueOf(item);
    if (value <= max) continue;
    found = item;
    max = value;
  }
  return found;
}
