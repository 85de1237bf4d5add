const defaultUrl = 'http://localhost:8000';
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Where a browser finds the server. `localhost` is the machine that the page comes from, which for a browser on another machine has another name:
 * the one that it has found the page by.
 * @param configured `PORTICO_URL`
 * @param pageHost the `Host` header of the request for the page
 */
export function serverUrl(configured: string | undefined, pageHost: string | null): string {
  const url = configured === undefined || configured === '' ? defaultUrl : configured;
  if (pageHost === null || !URL.canParse(url) || !URL.canParse(`http://${pageHost}`)) return url;
  const { hostname } = new URL(`http://${pageHost}`);
  const server = new URL(url);
  if (!loopback.test(server.hostname) || loopback.test(hostname)) return url;
  server.hostname = hostname;
  return server.href;
}
