import { type ErrorCode, errorTable, errorTitles, isFailure, type Problem } from '@portico/schemas';

/** The words that stand in for the message of a defect, which never leaves the process. */
export const defectDetail = 'Something went wrong in the server. The request id finds it in the logs.';

/** The problem that a thrown value amounts to: a `Failure` speaks for itself, everything else is `INTERNAL`. */
export function problemOf(thrown: unknown, requestId: string): Problem {
  if (!isFailure(thrown)) return problem('INTERNAL', defectDetail, requestId);
  const { issues, retryAfterSeconds } = thrown;
  return {
    ...problem(thrown.code, thrown.message, requestId),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(issues === undefined ? {} : { issues: [...issues] }),
  };
}

function problem(code: ErrorCode, detail: string, requestId: string): Problem {
  const { status } = errorTable[code];
  const title = errorTitles[code];
  return { type: `urn:portico:problem:${code}`, title, status, detail, code, requestId };
}
