/**
 * The address of a server, without a slash at its end. One that begins with a slash stays as it is where there is no page:
 * modules of a browser's program are loaded on servers too, which render it.
 *
 * @throws {TypeError} when it is none.
 */
export function serverUrl(url: unknown): string {
  if (typeof url !== 'string' && !(url instanceof URL)) throw new TypeError('createPortico needs the url of a server.');
  const address = parsed(String(url));
  if (address === undefined && /^\/(?!\/)/.test(String(url))) return withoutLastSlash(String(url));
  if (address === undefined || !/^https?:$/.test(address.protocol)) {
    throw new TypeError(
      `The url of a server is like http://localhost:8000, but this is "${String(url).replace(/\/\/.*@/, '//…@')}".`,
    );
  }
  if (`${address.username}${address.password}${address.search}` !== '') {
    throw new TypeError('A user, a password or a query do not belong into the url of a server: send headers.');
  }
  return `${address.origin}${withoutLastSlash(address.pathname)}`;
}

/**
 * Before a request: an address on a page needs one.
 *
 * @throws {TypeError} when there is none.
 */
export function checkReachable({ url, hasOwnFetch }: { readonly url: string; readonly hasOwnFetch: boolean }): void {
  if (hasOwnFetch || /^https?:/.test(url)) return;
  throw new TypeError(`"${url}/" is an address on a page, and this is none.`);
}

const withoutLastSlash = (path: string): string => path.replace(/\/+$/, '');

/** In a browser an address may be relative to the page. */
function parsed(url: string): URL | undefined {
  const { location } = globalThis as { location?: { href?: string } };
  try {
    return new URL(url, location?.href);
  } catch {
    return undefined;
  }
}
