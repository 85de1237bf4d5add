import { type Dispatcher, request } from 'undici';
import { DownloadFailure } from './download-failure.ts';
import { redirectTarget } from './redirect-target.ts';
import { redactUrl } from '../redact-url.ts';

const mostRedirects = 10;
const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * Asks for a URL and follows redirects. `user:password@` is sent as Basic authorization, to that origin only, and nobody is led
 * from https to http.
 */
export async function openResponse(
  given: string,
  headers: Readonly<Record<string, string>>,
  client: Dispatcher,
): Promise<Dispatcher.ResponseData> {
  const first = new URL(given);
  const authorization = basicAuthorization(first);
  let url = first;
  for (let hops = 0; hops <= mostRedirects; hops += 1) {
    const trusted = url.origin === first.origin ? authorization : {};
    const response = await request(withoutCredentials(url), {
      dispatcher: client,
      headers: { ...headers, ...trusted },
    });
    const { location } = response.headers;
    if (!redirects.has(response.statusCode) || typeof location !== 'string') return response;
    // Left unread, it would hold its connection.
    response.body.on('error', () => {}).destroy();
    url = redirectTarget(location, url);
  }
  throw new DownloadFailure(`${redactUrl(given)} cannot be downloaded: more than ${mostRedirects} redirects`);
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}

function basicAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** A `%` that encodes nothing is one: URLs are taken with it. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
