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
   * Takes a connection, if need be in the place of another: of an address that is at its own share, else of the one that
   * has most. It ends what is unused first, and then, where others have fewer, what is still arriving.
   * @returns whether there is a place. Call `remove` when the connection has closed.
   */
  add(connection: Limited, address: string): boolean {
    const network = networkOf(address);
    const own = this.#byNetwork.get(network) ?? new Set();
    // The peer of a unix socket has no address.
    const isProxy = this.#trustProxy !== false && this.#trustProxy(address, 0);
    const hasShare = address !== '' && !isProxy;
    if (hasShare && own.size >= this.#maxPerAddress) {
      if (!this.#makeRoom(own, Infinity)) return false;
    } else if (this.#open >= this.#maxConnections && !this.#makeRoom(this.#greediest(), own.size + 1)) {
      return false;
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

  #greediest(): Set<Limited> {
    let most = new Set<Limited>();
    for (const connections of this.#byNetwork.values()) if (connections.size > most.size) most = connections;
    return most;
  }

  /** Ends the oldest unused connection; where there are more than `fair`, else the oldest that is still arriving. */
  #makeRoom(connections: Set<Limited>, fair: number): boolean {
    let victim: Limited | undefined;
    for (const connection of connections) {
      if (connection.isUnused) {
        victim = connection;
        break;
      }
      if (connection.isArriving && connections.size > fair) victim ??= connection;
    }
    if (victim === undefined) return false;
    connections.delete(victim);
    this.#open -= 1;
    victim.destroy();
    return true;
  }
}
