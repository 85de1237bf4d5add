import { isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import { commaList } from './model-selection.ts';

/** What the kernels of Linux and macOS both take as the path of a socket. */
const maxSocketPathBytes = 103;
const pathPrefix = /^(\/[\w.~-]+)+$/;

/** Where the server listens. */
export type ListenAddress = { readonly host: string; readonly port: number } | { readonly socketPath: string };

/** Reads `HOST`: an address as it is, or the absolute path of a unix socket; undefined for a path that no system takes. */
export function hostOrSocketPath(text: string): string | undefined {
  const setting = text.trim().replace(/^unix:(?=\/)/, '');
  const isTooLong = Buffer.byteLength(setting) > maxSocketPathBytes;
  return setting.startsWith('unix:') || (setting.startsWith('/') && isTooLong) ? undefined : setting;
}

export const listenAddress = (host: string, port: number): ListenAddress =>
  host.startsWith('/') ? { socketPath: host } : { host, port };

/** A path without a slash at its end, as in `/ml/portico`; empty for the root, undefined for what is no such path. */
export function pathPrefixOf(text: string): string | undefined {
  const path = text.trim().replace(/\/$/, '');
  return path === '' || pathPrefix.test(path) ? path : undefined;
}

/** A path as a platform names it, as in `/v1/endpoints/1/deployedModels/2:predict`; undefined for what is none. */
export const routePath = (text: string): string | undefined => (/^(\/|(\/[\w.~:-]+)+)$/.test(text) ? text : undefined);

/** Reads `CORS_ORIGINS`: `*`, or origins exactly as browsers send them; undefined for anything else. */
export function originsOf(text: string): '*' | readonly string[] | undefined {
  if (text.trim() === '*') return '*';
  const list = commaList(text);
  return list.length > 0 && list.every(isOrigin) ? list : undefined;
}

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

/** An http or https address; undefined for anything else. */
export function webAddressOf(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.href : undefined;
}

/**
 * Whether the `x-forwarded-*` headers that come from this address are believed; the nearest is hop 0. The other end of a
 * unix socket has no address. False where none ever are.
 */
export type TrustProxy = false | ((address: string | undefined, hop: number) => boolean);

/** The name of the other end of a unix socket in a list of addresses. */
const unixSocket = 'unix';

/** Reads `TRUST_PROXY`: all, none, the nearest hops, or addresses; undefined for anything else. */
export function trustProxy(text: string): TrustProxy | undefined {
  const setting = text.trim().toLowerCase();
  if (setting === 'false') return false;
  if (setting === 'true') return () => true;
  if (/^\d+$/.test(setting)) return (_address, hop) => hop < Number(setting);
  const names = commaList(setting);
  if (names.length === 0 || !names.every(isAddressOrName)) return undefined;
  try {
    const isListed = proxyAddr.compile(names.filter((name) => name !== unixSocket));
    const trustsSocket = names.includes(unixSocket);
    return (address, hop) => (address === undefined ? trustsSocket : isListed(address, hop));
  } catch {
    // It names what is no address.
    return undefined;
  }
}

/** The library also takes shorter forms of an address, as in 10.1 for 10.0.0.1. */
const isAddressOrName = (name: string): boolean => /^[a-z]+$/.test(name) || isIP(name.split('/', 1)[0] ?? '') !== 0;
