import { errorTable } from '@portico/schemas';
import type { ErrorCode, Problem } from './contract.ts';
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
const isJson = (response: Response): boolean => /[/+]json\b/i.test(response.headers.get('content-type') ?? '');

/** The error that a failed answer's body stands for. */
export function failedAnswer(response: Response, body: unknown): PorticoError {
  if (!isProblem(body)) return foreignAnswer(response);
  const { status, headers } = response;
  return new PorticoError(isErrorCode(body.code) ? body.code : codeOfStatus(status), body.detail, {
    status,
    requestId: body.requestId ?? headers.get('x-request-id') ?? undefined,
    issues: body.issues,
    retryAfterSeconds: retryAfterSeconds(headers.get('retry-after')),
  });
}

/** The error for an answer that is not in Portico's words: a proxy's page, or another server's. */
function foreignAnswer(response: Response, cause?: unknown): PorticoError {
  const { status, headers } = response;
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
  const codes = Object.keys(errorTable) as ErrorCode[];
  return codes.find((code) => errorTable[code].status === status) ?? 'NETWORK';
}

/** A newer server may know codes that this client does not. */
const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code);

type SomeProblem = Omit<Problem, 'code' | 'requestId'> & { code: string; requestId?: string };

function isProblem(body: unknown): body is SomeProblem {
  if (typeof body !== 'object' || body === null || !('code' in body) || !('detail' in body)) return false;
  return typeof body.code === 'string' && typeof body.detail === 'string';
}
