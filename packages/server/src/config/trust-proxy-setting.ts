import { isIP } from 'node:net';
import { z } from 'zod';
import { commaList } from './comma-list.ts';

/** Which proxies' `x-forwarded-*` headers to believe: all, none, the nearest hops, or those of these addresses. */
export type TrustProxy = boolean | string[] | ((address: string, hop: number) => boolean);

/** Names that the proxy-addr package has for ranges of addresses. */
const namedRanges = new Set(['loopback', 'linklocal', 'uniquelocal']);
const longestPrefix: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/** `TRUST_PROXY`: `true`, `false`, a number of hops, or a comma list of addresses and ranges. */
export const trustProxySetting = z
  .string()
  .default('false')
  .transform((text, context): TrustProxy => {
    const setting = text.trim().toLowerCase();
    if (setting === 'true' || setting === 'false') return setting === 'true';
    if (/^\d+$/.test(setting)) return (_address, hop) => hop < Number(setting);
    const addresses = commaList(setting);
    if (addresses.length > 0 && addresses.every(isAddressRange)) return addresses;
    context.addIssue({
      code: 'custom',
      message: 'use true, false, a number of hops, or a comma list of addresses like 10.0.0.0/8',
    });
    return z.NEVER;
  });

function isAddressRange(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const longest = longestPrefix[isIP(address)];
  if (longest === undefined) return namedRanges.has(text);
  return more.length === 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= longest));
}
