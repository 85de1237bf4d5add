import type { ErrorCode, Problem } from '../contract.ts';
import { errorFacts } from './error-facts.ts';
import { PorticoError, type PorticoErrorCode } from './portico-error.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { unreachable } from './unreachable.ts';

/** The JSON of an answer of any status, or a `PorticoError` when it is not JSON: something else than Portico spoke. */
export async function readJson(response: Response): Promise<unknown> {
  if (!isJson(response)) throw foreignAnswer(response);
  const text = await response.text().catch((cause: unknown) => {
    throw unreachable(cause);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw foreignAnswer(response, cause);
  }
}

/** Whether an answer says that it is JSON. */
export const isJson = (response: Response): boolean => /[/+]json\b/i.test(response.headers.get('content-type') ?? '');

/** The error that a failed answer's body stands for. */
export function failedAnswer(response: Response, body: unknown): PorticoError {
  if (isProblem(body)) return errorOfProblem(body, response);
  const code = response.headers.get('x-error-code');
  // Under /v2 the body has no place for more than the words.
  if (code === null || !isRefusal(body)) return foreignAnswer(response);
  return errorOfProblem({ code, status: response.status, detail: body.error }, response);
}

/** The error that a problem stands for: one in a batch or a stream has a status that is not the response's. */
export function errorOfProblem(problem: SomeProblem, response?: Response): PorticoError {
  const { code, status, detail, issues } = problem;
  return new PorticoError(isErrorCode(code) ? code : codeOfStatus(status), detail, {
    status,
    requestId: problem.requestId ?? response?.headers.get('x-request-id') ?? undefined,
    issues,
    retryAfterSeconds: problem.retryAfterSeconds ?? retryAfterSeconds(response?.headers.get('retry-after') ?? null),
  });
}

/**
 * The error for an answer that is not in Portico's words: a proxy's page, or another server's. What of it has not been read
 * is let go of, and its connection with it.
 */
export function foreignAnswer(response: Response, cause?: unknown): PorticoError {
  const { status, headers, body } = response;
  // One that is being read has no need of it, and says so.
  body?.cancel().catch(() => {});
  const kind = headers.get('content-type') ?? 'no content type';
  const hint = response.ok
    ? 'That is not a Portico server: check the url.'
    : 'Something between here and the server answered in its place, or the url is not a Portico server.';
  return new PorticoError(codeOfStatus(status), `${addressOf(response)} answered ${status} (${kind}). ${hint}`, {
    status,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfterSeconds: retryAfterSeconds(headers.get('retry-after')),
    retryable: [408, 429, 502, 503, 504].includes(status),
    cause,
  });
}

const addressOf = (response: Response): string => (response.url === '' ? 'The server' : response.url);

/** Codes for a bare status; the rest, a 502 above all, say that there was no usable answer. */
function codeOfStatus(status: number): PorticoErrorCode {
  const codes = Object.keys(errorFacts) as ErrorCode[];
  return codes.find((code) => errorFacts[code].status === status) ?? 'NETWORK';
}

/** A newer server may know codes that this client does not. */
const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorFacts, code);

/** What is needed of a problem; a newer server may have other codes. */
interface SomeProblem extends Partial<Pick<Problem, 'requestId' | 'issues' | 'retryAfterSeconds'>> {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
}

/** An error of the Open Inference Protocol. */
const isRefusal = (body: unknown): body is { error: string } =>
  typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string';

export function isProblem(body: unknown): body is SomeProblem {
  if (typeof body !== 'object' || body === null || !('code' in body && 'detail' in body && 'status' in body))
    return false;
  return typeof body.code === 'string' && typeof body.detail === 'string' && typeof body.status === 'number';
}
