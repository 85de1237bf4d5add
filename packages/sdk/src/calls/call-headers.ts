import type { Connection } from './connection.ts';

/** What the headers of one request say besides the caller's own. */
export interface HeaderFacts {
  /** Milliseconds left. */
  readonly timeoutMs: number | undefined;
  readonly traceparent: string | null | undefined;
}

/** Version, trace, parent and flags. https://www.w3.org/TR/trace-context/#traceparent-header */
const traceContext = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

/** The headers of one request. */
export async function callHeaders(
  connection: Connection,
  { timeoutMs, traceparent }: HeaderFacts,
): Promise<Record<string, string>> {
  return {
    ...(await connection.headers()),
    ...(timeoutMs === undefined ? {} : { 'x-timeout-seconds': secondsText(timeoutMs) }),
    ...(traceContext.test(traceparent ?? '') ? { traceparent: String(traceparent) } : {}),
  };
}

/** Decimal seconds without an exponent, at least a millionth and at most what the server reads. */
const secondsText = (timeoutMs: number): string =>
  String(Number(Math.min(Math.max(timeoutMs / 1000, 1e-6), 999_999_999).toFixed(6)));
