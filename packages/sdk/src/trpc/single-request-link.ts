import { type Operation, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { Connection } from '../calls/connection.ts';
import { onAbort } from '../calls/on-abort.ts';
import { failedAnswer, readJson } from '../errors/answer.ts';
import type { AppRouter } from './app-router.ts';
import { problemIn } from './problem-in.ts';
import type { AnnotatedJson } from './values/annotation.ts';
import { readValue } from './values/read-value.ts';

/** The headers of a request for this call. */
export type HeadersOf = (operation: Operation) => Promise<Record<string, string>>;

/**
 * Sends a call in a request of its own, whose answer is one JSON value with a status of its own. Its input is written already.
 * Smaller than `httpLink`, which can send forms and bytes besides.
 */
export const singleRequestLink =
  (connection: Connection, headersOf: HeadersOf): TRPCLink<AppRouter> =>
  () =>
  ({ op }) =>
    observable((observer) => {
      const { signal } = op;
      const controller = new AbortController();
      const leave = (): void => controller.abort(signal?.reason);
      if (signal?.aborted) leave();
      const stopListening = signal && onAbort(signal, leave);
      const ask = async (): Promise<void> => {
        try {
          const headers = await headersOf(op);
          const data = await read(await send(connection, op, { headers, signal: controller.signal }));
          observer.next({ result: { type: 'data', data } });
          observer.complete();
        } catch (error) {
          observer.error(TRPCClientError.from(error as Error));
        }
      };
      void ask();
      return () => {
        stopListening?.();
        leave();
      };
    });

function send({ url, fetch }: Connection, { path, type, input }: Operation, init: RequestInit): Promise<Response> {
  const address = `${url}/trpc/${path}`;
  const text = JSON.stringify(input) as string | undefined;
  if (type === 'query')
    return fetch(text === undefined ? address : `${address}?input=${encodeURIComponent(text)}`, init);
  const headers = { ...(init.headers as Record<string, string>), 'content-type': 'application/json' };
  return fetch(address, { ...init, method: 'POST', headers, body: text ?? null });
}

/** An answer in tRPC's words. */
interface Answer {
  readonly result?: { readonly data?: AnnotatedJson };
  readonly error?: AnnotatedJson;
}

async function read(response: Response): Promise<unknown> {
  const body = (await readJson(response)) as Answer | null;
  if (response.ok && body?.result?.data !== undefined) return readValue(body.result.data);
  if (body?.error === undefined || problemIn(body) === undefined) throw failedAnswer(response, body);
  const error = readValue(body.error) as { message: string };
  throw new TRPCClientError<AppRouter>(error.message, { result: { error: error as never }, meta: { response } });
}
