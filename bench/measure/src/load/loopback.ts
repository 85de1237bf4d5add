const loopbackHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * The URL of a server on this machine. Load is never put on anybody else's.
 * @throws {TypeError} for any other host or protocol.
 */
export function loopbackUrl(text: string): URL {
  const url = new URL(text);
  if (url.protocol !== 'http:' || !loopbackHosts.has(url.hostname)) {
    throw new TypeError(`${text} is not a server on this machine; load is put on http://127.0.0.1 only.`);
  }
  return url;
}
