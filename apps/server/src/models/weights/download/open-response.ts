import { type Dispatcher, request } from 'undici';
import { DownloadFailure } from './download-failure.ts';
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
    url = nextUrl(location, url);
  }
  throw new DownloadFailure(`${redactUrl(given)} cannot be downloaded: more than ${mostRedirects} redirects`);
}

function nextUrl(location: string, from: URL): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  const allowed = from.protocol === 'https:' ? ['https:'] : ['https:', 'http:'];
  if (next !== undefined && allowed.includes(next.protocol)) return next;
  const target = next === undefined ? 'an unreadable URL' : redactUrl(next);
  throw new DownloadFailure(
    `${redactUrl(from)} cannot be downloaded: it redirects to ${target}, which is not followed`,
  );
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}

function basicAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}
