const defaultUrl = 'http://localhost:8000';
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Where a browser finds the server. `localhost` is the machine that the page comes from, which for a browser on another machine has another name:
 * the one that it has found the page by.
 * @param configured `PORTICO_URL`
 * @param pageHost the `Host` header of the request for the page
 */
export function serverUrl(configured: string | undefined, pageHost: string | null): string {
  const url = configured === undefined || configured === '' ? defaultUrl : withoutUser(configured);
  if (pageHost === null || !URL.canParse(url) || !URL.canParse(`http://${pageHost}`)) return url;
  const { hostname } = new URL(`http://${pageHost}`);
  const server = new URL(url);
  if (!loopback.test(server.hostname) || loopback.test(hostname)) return url;
  server.hostname = hostname;
  return server.href;
}

/** Everybody who opens the page gets the address, and no browser sends a request to one with a user in it. */
function withoutUser(configured: string): string {
  const url = URL.canParse(configured) ? new URL(configured) : undefined;
  if (url === undefined || `${url.username}${url.password}` === '') return configured;
  url.username = '';
  url.password = '';
  return url.href;
}

/** What is wrong with an address that a person has typed; undefined if nothing is. */
export function problemWith(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:\/\//i.test(address.trim()))
    return 'Enter an address such as http://localhost:8000.';
  if (`${url.username}${url.password}${url.search}${url.hash}` !== '')
    return 'Leave out the user, password, query and fragment.';
  return undefined;
}

/**
 * The API key that goes to an address that has been typed: one that belongs to another server does not.
 * @param before the address and the key until now
 */
export function keyFor(
  before: { readonly url: string; readonly apiKey: string },
  address: string,
  typed: string,
): string {
  const another = new URL(address).origin !== (URL.canParse(before.url) ? new URL(before.url).origin : undefined);
  return another && typed === before.apiKey ? '' : typed;
}
