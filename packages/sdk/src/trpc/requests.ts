import { httpBatchStreamLink, type Operation, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { CallContext } from '../calls/call.ts';
import { type Connection, type HeaderFacts, requestHeaders } from '../calls/connection.ts';
import { onAbort } from '../calls/deadline.ts';
import type { PorticoError } from '../errors/portico-error.ts';
import { errorOfResponse, foreignResponse, isJson, readJson } from '../errors/response-error.ts';
import type { AppRouter } from './app-router.ts';
import { HeadersError, problemIn } from './errors.ts';
import { type AnnotatedJson, readValue, writeValue } from './values.ts';

/** What a call passes to the links. */
export interface LinkContext {
  /** For a call of a client's method. */
  readonly call?: CallContext;
  /** For a call of the typed client: the signal in its options. */
  readonly givenSignal?: AbortSignal;
}

/** The two ways to send calls. */
export interface Requests {
  /** One call, whose response is one JSON value with a status of its own. */
  readonly one: TRPCLink<AppRouter>;
  /** These calls, or one that streams. Each output comes as soon as it is there. */
  several(operations: readonly Operation[]): TRPCLink<AppRouter>;
  /** What the headers say, the same for all calls of one request. */
  facts(operation: Operation): HeaderFacts;
}

type HeadersOf = (operation: Operation) => Promise<Record<string, string>>;

/** Inputs are written before calls are put together; outputs are read here. */
const transformer = {
  input: { serialize: (written: unknown) => written, deserialize: (written: unknown) => written },
  output: { serialize: writeValue, deserialize: (written: unknown) => readValue(written as AnnotatedJson) },
};

export function requests(connection: Connection): Requests {
  const facts = (operation: Operation): HeaderFacts =>
    callOf(operation)?.facts() ?? { timeoutMs: connection.timeoutMs, traceparent: undefined };
  const headersOf: HeadersOf = (operation) =>
    requestHeaders(connection, facts(operation)).catch((cause: unknown) => {
      throw new HeadersError(cause);
    });
  return {
    facts,
    one: singleRequestLink(connection, headersOf),
    several: (operations) =>
      httpBatchStreamLink({
        url: `${connection.url}/trpc`,
        transformer,
        headers: ({ opList: [operation] }) => headersOf(operation),
        fetch: async (input, init) => {
          const response = await connection.fetch(input as string, init as RequestInit);
          for (const operation of operations) callOf(operation)?.responded(response);
          if (!response.ok) throw await errorOf(response);
          if (!isJson(response)) throw foreignResponse(response);
          return response;
        },
      }),
  };
}

const callOf = ({ context }: Operation): CallContext | undefined => (context as LinkContext).call;

async function errorOf(response: Response): Promise<PorticoError> {
  const body = await readJson(response);
  return errorOfResponse(response, problemIn(body) ?? body);
}

/** Sends one call, whose input is written already. Smaller than `httpLink`, which can also send forms and bytes. */
const singleRequestLink =
  (connection: Connection, headersOf: HeadersOf): TRPCLink<AppRouter> =>
  () =>
  ({ op }) =>
    observable((observer) => {
      const { signal } = op;
      const controller = new AbortController();
      const abort = (): void => controller.abort(signal?.reason);
      if (signal?.aborted) abort();
      const stopListening = signal && onAbort(signal, abort);
      const run = async (): Promise<void> => {
        try {
          const headers = await headersOf(op);
          const response = await send(connection, op, { headers, signal: controller.signal });
          callOf(op)?.responded(response);
          const data = await readOutput(response);
          observer.next({ result: { type: 'data', data } });
          observer.complete();
        } catch (error) {
          observer.error(TRPCClientError.from(error as Error));
        }
      };
      void run();
      return () => {
        stopListening?.();
        abort();
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

/** The body of a tRPC response. */
interface Body {
  readonly result?: { readonly data?: AnnotatedJson };
  readonly error?: AnnotatedJson;
}

async function readOutput(response: Response): Promise<unknown> {
  const body = (await readJson(response)) as Body | null;
  if (response.ok && body?.result?.data !== undefined) return readValue(body.result.data);
  if (body?.error === undefined || problemIn(body) === undefined) throw errorOfResponse(response, body);
  const error = readValue(body.error) as { message: string };
  throw new TRPCClientError<AppRouter>(error.message, { result: { error: error as never }, meta: { response } });
}
