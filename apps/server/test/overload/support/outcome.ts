import type { LoadResponse } from '@portico/measure/load/http-client';

/** What is wrong with a response in an overload: it is right, refused with a time to come back, or too late. */
export function complaint(response: LoadResponse, isRight: (body: string) => boolean): string | undefined {
  const body = response.body.toString('utf8');
  if (response.status === 200) return isRight(body) ? undefined : `not what was asked for: ${body}`;
  const { code } = JSON.parse(body) as { code?: string };
  if (response.status === 504) return code === 'TIMEOUT' ? undefined : `504 ${code}`;
  if (response.status !== 503 || code !== 'OVERLOADED') return `${response.status} ${code}`;
  return /^[1-9]\d*$/.test(response.headers['retry-after'] ?? '') ? undefined : 'no Retry-After';
}
