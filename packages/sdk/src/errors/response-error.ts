import type { ErrorCode, Problem } from '../contract.ts';
import { errorFacts } from './error-facts.ts';
import { isError, PorticoError, type PorticoErrorCode } from './portico-error.ts';

/** The parts of a problem that are used; a newer server may have other codes, and a proxy other values. */
interface SomeProblem extends Partial<Pick<Problem, 'requestId' | 'issues' | 'retryAfterSeconds'>> {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
}

/** Statuses of proxies that may go away. */
const retryableStatuses = new Set([408, 429, 502, 503, 504]);

/** The JSON of a response of any status. Rejects with a `PorticoError` if it is not JSON, and so not Portico's. */
export async function readJson(response: Response): Promise<unknown> {
  if (!isJson(response)) throw foreignResponse(response);
  const text = await response.text().catch((cause: unknown) => {
    throw unreachable(cause);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw foreignResponse(response, cause);
  }
}

/** Whether a response says that it is JSON. */
export const isJson = (response: Response): boolean => /[/+]json\b/i.test(response.headers.get('content-type') ?? '');

/** The error of a failed response with this body. */
export function errorOfResponse(response: Response, body: unknown): PorticoError {
  if (isProblem(body)) return errorOfProblem(body, response);
  const code = response.headers.get('x-error-code');
  // Under /v2 the body holds the message only.
  if (code === null || !isProtocolError(body)) return foreignResponse(response);
  return errorOfProblem({ code, status: response.status, detail: body.error }, response);
}

/** The error of a problem: one in a batch or a stream has a status of its own. */
export function errorOfProblem(problem: SomeProblem, response?: Response, cause?: unknown): PorticoError {
  const { code, status, detail, requestId, issues } = problem;
  const isKnown = isErrorCode(code);
  const { headers } = response ?? {};
  return new PorticoError(isKnown ? code : codeOfStatus(status), detail, {
    status,
    requestId: requestId ?? headers?.get('x-request-id') ?? undefined,
    issues: Array.isArray(issues) ? issues : [],
    retryAfterSeconds: retryAfterSeconds(`${problem.retryAfterSeconds ?? headers?.get('retry-after') ?? ''}`),
    retryable: isKnown ? undefined : retryableStatuses.has(status),
    cause,
  });
}

/**
 * The error of a response that is not Portico's: a proxy's page, or another server's. Cancels what has not been read of it,
 * which frees its connection.
 */
export function foreignResponse(response: Response, cause?: unknown): PorticoError {
  const { status, headers, body } = response;
  // A body that is being read cannot be cancelled, and need not be.
  body?.cancel().catch(() => {});
  const kind = headers.get('content-type') ?? 'no content type';
  const hint = response.ok
    ? 'This is not a Portico server: check the url.'
    : 'A proxy responded in place of the server, or this is not a Portico server.';
  const detail = `${addressOf(response)} responded ${status} (${kind}). ${hint}`;
  return errorOfProblem({ code: 'FOREIGN', status, detail }, response, cause);
}

const addressOf = (response: Response): string => (response.url === '' ? 'The server' : response.url);

/** The code of a bare status; for any other, a 502 above all, there was no usable response. */
function codeOfStatus(status: number): PorticoErrorCode {
  const codes = Object.keys(errorFacts) as ErrorCode[];
  return codes.find((code) => errorFacts[code].status === status) ?? 'NETWORK';
}

/** A newer server may have codes that this client does not know. */
const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorFacts, code);

/** Whether this is an error of the Open Inference Protocol. */
const isProtocolError = (body: unknown): body is { error: string } =>
  typeof (Object(body) as { error?: unknown }).error === 'string';

export function isProblem(body: unknown): body is SomeProblem {
  const { code, detail, status } = Object(body) as { readonly [Field in keyof SomeProblem]?: unknown };
  return typeof code === 'string' && typeof detail === 'string' && typeof status === 'number';
}

/** The delay that a `Retry-After` header asks for, in seconds or as a date. */
export function retryAfterSeconds(header: string | null, now: number = Date.now()): number | undefined {
  if (!header?.trim()) return undefined;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds : Math.ceil((Date.parse(header) - now) / 1000);
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** The error of a connection that failed, before or during the response. */
export const unreachable = (cause: unknown): PorticoError =>
  new PorticoError('NETWORK', `The server could not be reached: ${reasonOf(cause)}.`, { cause });

/** Node's fetch says only "fetch failed"; the reason is in its cause. */
function reasonOf(error: unknown): string {
  if (!isError(error)) return String(error);
  if (!isError(error.cause)) return error.message;
  const { message, code = '' } = error.cause as Error & { code?: unknown };
  return message || String(code) || error.message;
}
