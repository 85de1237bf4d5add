import { errorTable, type Failure, problemOf } from '@portico/schemas';

/** Under these paths errors have the shape of the Open Inference Protocol. */
const inferenceProtocol = /^\/v2(?:[/?]|$)/;

/** The request as far as it is known: one whose headers never came to an end has no URL. */
export interface FailedRequest {
  readonly id: string;
  readonly url?: string | undefined;
}

/** What answers a request that failed. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As bytes, because Fastify would add a charset to a problem, which its media type does not have. */
  readonly body: Buffer;
}

/** A failure as a problem, or in the words of the Open Inference Protocol, which have no code: a header tells it. */
export function failedAnswer(failure: Failure, { id, url = '' }: FailedRequest): FailedAnswer {
  const { status } = errorTable[failure.code];
  const { retryAfterSeconds } = failure;
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  if (inferenceProtocol.test(url)) {
    return {
      // The protocol knows no 422.
      status: status === 422 ? 400 : status,
      headers: { ...headers, 'content-type': 'application/json; charset=utf-8', 'x-error-code': failure.code },
      body: Buffer.from(JSON.stringify({ error: failure.message })),
    };
  }
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: Buffer.from(JSON.stringify(problemOf(failure, id))),
  };
}
