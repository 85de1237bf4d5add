import type { ServerProcess } from './server-process.ts';

/** An answer as a client sees it. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  /** From the first byte sent to the last received. */
  readonly milliseconds: number;
}

export interface AskOptions {
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks a model about one JSON value. */
export async function ask(
  { url }: ServerProcess,
  model: string,
  input: unknown,
  { timeoutSeconds, signal, headers }: AskOptions = {},
): Promise<Reply> {
  const startedAt = performance.now();
  const response = await fetch(`${url}/${model}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(timeoutSeconds === undefined ? {} : { 'x-timeout-seconds': String(timeoutSeconds) }),
      ...headers,
    },
    body: JSON.stringify({ input }),
    signal: signal ?? null,
  });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body, milliseconds: performance.now() - startedAt };
}
