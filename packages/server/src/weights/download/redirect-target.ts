import { redactUrl } from '../redact-url.ts';
import { DownloadFailure } from './download-failure.ts';

/** Where a redirect leads: http or https, and from https only the latter. */
export function redirectTarget(location: string, from: URL): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  const allowed = from.protocol === 'https:' ? ['https:'] : ['https:', 'http:'];
  if (next !== undefined && allowed.includes(next.protocol)) return next;
  const target = next === undefined ? 'an unreadable URL' : redactUrl(next);
  throw new DownloadFailure(
    `${redactUrl(from)} cannot be downloaded: it redirects to ${target}, which is not followed`,
  );
}
