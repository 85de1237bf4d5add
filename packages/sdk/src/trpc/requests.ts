import { httpBatchStreamLink, httpLink, type Operation, type TRPCLink } from '@trpc/client';
import { callHeaders, type HeaderFacts } from '../calls/call-headers.ts';
import type { Connection } from '../calls/connection.ts';
import { failedAnswer, readJson } from '../errors/answer.ts';
import type { AppRouter } from './app-router.ts';
import type { CallContext } from './untyped.ts';
import type { AnnotatedJson } from './values/annotation.ts';
import { readValue } from './values/read-value.ts';
import { writeValue } from './values/write-value.ts';

/** The two ways in which calls are sent. */
export interface Requests {
  /** One call, whose answer is one JSON value with a status of its own. */
  readonly one: TRPCLink<AppRouter>;
  /** Several calls, or one that streams: each answer comes as soon as it is there. */
  several(): TRPCLink<AppRouter>;
  /** What the headers say, for all calls of one request alike. */
  facts(operation: Operation): HeaderFacts;
}

/** Inputs have been written when calls are put together; answers are read here. */
const transformer = {
  input: { serialize: (written: unknown) => written, deserialize: (written: unknown) => written },
  output: { serialize: writeValue, deserialize: (written: unknown) => readValue(written as AnnotatedJson) },
};

export function requests(connection: Connection): Requests {
  const url = `${connection.url}/trpc`;
  const facts = ({ context }: Operation): HeaderFacts =>
    (context as CallContext).attempt?.facts() ?? { timeoutMs: connection.timeoutMs, traceparent: undefined };
  const headersOf = (operation: Operation): Promise<Record<string, string>> =>
    callHeaders(connection, facts(operation));
  const send = (input: unknown, init: unknown): Promise<Response> =>
    connection.fetch(input as string, init as RequestInit);
  return {
    facts,
    one: httpLink({
      url,
      transformer,
      headers: ({ op }) => headersOf(op),
      fetch: async (input, init) => {
        const response = await send(input, init);
        const body = await readJson(response);
        return Object.assign(response, { json: async () => body });
      },
    }),
    several: () =>
      httpBatchStreamLink({
        url,
        transformer,
        headers: ({ opList: [operation] }) => headersOf(operation),
        fetch: async (input, init) => {
          const response = await send(input, init);
          if (!response.ok) throw failedAnswer(response, problemIn(await readJson(response)));
          return response;
        },
      }),
  };
}

/** The problem in a refusal of a whole batch, which is the same for each call. */
function problemIn(body: unknown): unknown {
  const [refusal] = Array.isArray(body) ? (body as { error?: { json?: { data?: { problem?: unknown } } } }[]) : [];
  return refusal?.error?.json?.data?.problem;
}
