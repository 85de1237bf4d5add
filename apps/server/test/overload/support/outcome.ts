import type { LoadAnswer } from '@portico/measure/load/request';

/** What is wrong with an answer in an overload: it is right, refused with a time to come back, or too late. */
export function complaint(answer: LoadAnswer, isRight: (body: string) => boolean): string | undefined {
  const body = answer.body.toString('utf8');
  if (answer.status === 200) return isRight(body) ? undefined : `not what was asked for: ${body}`;
  const { code } = JSON.parse(body) as { code?: string };
  if (answer.status === 504) return code === 'TIMEOUT' ? undefined : `504 ${code}`;
  if (answer.status !== 503 || code !== 'OVERLOADED') return `${answer.status} ${code}`;
  return /^[1-9]\d*$/.test(answer.headers['retry-after'] ?? '') ? undefined : 'no Retry-After';
}
