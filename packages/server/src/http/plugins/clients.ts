import { isIP, isIPv6 } from 'node:net';

/** What counts as one client: all requests with the same verified key, or else from the same address. */
export type ClientId = string;

/** What some proxies write into `x-forwarded-for`: an address with the port of its connection, an IPv6 address in brackets. */
const withPort = /^(?:\[(?<bracketed>[^\]]+)\](?::\d+)?|(?<plain>[\d.]+):\d+)$/;

/**
 * The client of a request: its verified API key, else its address as `TRUST_PROXY` tells it. An IPv6 address counts by
 * its first 64 bits, because a single host may have all the rest. Where a proxy names no address, the client is the proxy.
 * Over a unix socket there is no address, and all its clients are one unless `TRUST_PROXY` says more.
 */
export function clientOf({
  apiKey,
  ip,
  socket,
}: {
  readonly apiKey?: number | undefined;
  readonly ip: string | undefined;
  /** Of the connection, to a proxy or to the client itself. */
  readonly socket?: { readonly remoteAddress?: string | undefined };
}): ClientId {
  if (apiKey !== undefined) return `key ${apiKey}`;
  return networkOf(addressOf(ip) ?? socket?.remoteAddress ?? 'unix');
}

/** The IP address that a proxy names, without a port. */
function addressOf(named: string | undefined): string | undefined {
  if (named === undefined || isIP(named) !== 0) return named;
  const { bracketed, plain } = withPort.exec(named)?.groups ?? {};
  const address = bracketed ?? plain;
  return address === undefined || isIP(address) === 0 ? undefined : address;
}

/** A request asks several times, and an IPv6 address takes microseconds. */
let lastAddress = '';
let lastNetwork = '';

/** An IPv4 address as it is, an IPv6 address as its /64. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  if (address !== lastAddress) {
    lastNetwork = isIPv6(address) ? prefixOf(address) : address;
    lastAddress = address;
  }
  return lastNetwork;
}

/** The first 64 bits of an IPv6 address, or the IPv4 address that it stands for. */
function prefixOf(address: string): string {
  const [mapped] = /(?<=^::ffff:)\d+\.\d+\.\d+\.\d+$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  // A trailing IPv4 address takes two groups.
  const written = groups.length + rest.length + (address.includes('.') ? 1 : 0);
  const all = tail === undefined ? groups : [...groups, ...Array.from({ length: 8 - written }, () => '0'), ...rest];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
