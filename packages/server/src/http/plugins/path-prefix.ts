import type { FastifyRequest } from 'fastify';
import { pathPrefixOf, type TrustProxy } from '../../config/network.ts';

/** The path and query of a request without `BASE_PATH` in front of it: some proxies keep it, others take it off. */
export const withoutBasePath = (url: string, basePath: string): string =>
  url.startsWith(`${basePath}/`) ? url.slice(basePath.length) : url;

/**
 * A function that tells what clients write in front of the paths of a request: `x-forwarded-prefix` where a trusted proxy
 * says it, else `BASE_PATH`. Every proxy on the way adds its own at the end.
 */
export function pathPrefixReader(basePath: string, trusts: TrustProxy) {
  return ({ headers, raw }: Pick<FastifyRequest, 'headers' | 'raw'>): string => {
    const forwarded = headers['x-forwarded-prefix'];
    if (typeof forwarded !== 'string' || trusts === false || !trusts(raw.socket.remoteAddress, 0)) return basePath;
    const prefixes = forwarded.split(',').map(pathPrefixOf);
    return prefixes.includes(undefined) ? basePath : prefixes.join('');
  };
}
