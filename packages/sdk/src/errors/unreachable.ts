import { PorticoError } from './portico-error.ts';

/** The error for a connection that failed, before or during the answer. */
export const unreachable = (cause: unknown): PorticoError =>
  new PorticoError('NETWORK', `The server could not be reached: ${reasonOf(cause)}.`, { cause });

/** Node's fetch says only "fetch failed"; the reason is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error.cause instanceof Error)) return error.message;
  const { message, code = '' } = error.cause as Error & { code?: unknown };
  return message || String(code) || error.message;
}
