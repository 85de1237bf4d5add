import type { TrustProxy } from '../../config/network.ts';
import { networkOf } from './clients.ts';

/** What of all connections one address may have, so that it takes two to take them all. */
const maxShare = 0.5;

/** What decides whether a connection may be closed for another. */
export interface Limited {
  /** Nothing is lost with it: it carries no request, or only what comes after its last response. */
  readonly isUnused: boolean;
  /** It carries a request that has not arrived completely. */
  readonly isArriving: boolean;
  /** It carries a response of which its client takes next to nothing. */
  readonly isStalled: boolean;
  destroy(): void;
}

export interface ConnectionLimitOptions {
  readonly maxConnections: number;
  /** Proxies speak for many clients: their addresses have no share. */
  readonly trustProxy: TrustProxy;
}

/**
 * Which connections there are, by the address at their other end, IPv6 by /64. What `x-forwarded-for` says is not
 * known before a request has arrived.
 */
export class ConnectionLimits {
  readonly #maxConnections: number;
  readonly #maxPerAddress: number;
  readonly #trustProxy: TrustProxy;
  readonly #byNetwork = new Map<string, Set<Limited>>();
  #open = 0;

  constructor({ maxConnections, trustProxy }: ConnectionLimitOptions) {
    this.#maxConnections = maxConnections;
    this.#maxPerAddress = Math.max(1, Math.ceil(maxConnections * maxShare));
    this.#trustProxy = trustProxy;
  }

  get open(): number {
    return this.#open;
  }

  /**
   * Takes a connection, if need be in the place of another: of an address that is at its own share, else of any, those
   * that have most first. It ends what is unused first, and then, where others have fewer, what arrives or is not read.
   * @returns whether there is a place. Call `remove` when the connection has closed.
   */
  add(connection: Limited, address: string): boolean {
    const network = networkOf(address);
    const own = this.#byNetwork.get(network) ?? new Set();
    // The peer of a unix socket has no address.
    const isProxy = this.#trustProxy !== false && this.#trustProxy(address, 0);
    const hasShare = address !== '' && !isProxy;
    if (hasShare && own.size >= this.#maxPerAddress) {
      if (!this.#makeRoom([own], Infinity)) return false;
    } else if (this.#open >= this.#maxConnections) {
      const networks = [...this.#byNetwork.values()].sort((a, b) => b.size - a.size);
      if (!this.#makeRoom(networks, own.size + 1)) return false;
    }
    own.add(connection);
    this.#byNetwork.set(network, own);
    this.#open += 1;
    return true;
  }

  remove(connection: Limited, address: string): void {
    const network = networkOf(address);
    const own = this.#byNetwork.get(network);
    // One that was closed for another has been removed already.
    if (own?.delete(connection) === true) this.#open -= 1;
    if (own?.size === 0) this.#byNetwork.delete(network);
  }

  /** Ends the oldest unused connection; in networks with more than `fair`, else the oldest that arrives or stands still. */
  #makeRoom(networks: readonly Set<Limited>[], fair: number): boolean {
    const isSlow = ({ isArriving, isStalled }: Limited): boolean => isArriving || isStalled;
    const greedy = networks.filter(({ size }) => size > fair);
    return this.#endFirst(networks, ({ isUnused }) => isUnused) || this.#endFirst(greedy, isSlow);
  }

  #endFirst(networks: readonly Set<Limited>[], mayEnd: (connection: Limited) => boolean): boolean {
    for (const connections of networks) {
      for (const connection of connections) {
        if (!mayEnd(connection)) continue;
        connections.delete(connection);
        this.#open -= 1;
        connection.destroy();
        return true;
      }
    }
    return false;
  }
}
