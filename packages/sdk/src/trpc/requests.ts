import { httpBatchStreamLink, type Operation, type TRPCLink } from '@trpc/client';
import { callHeaders, type HeaderFacts } from '../calls/call-headers.ts';
import type { Connection } from '../calls/connection.ts';
import { failedAnswer, foreignAnswer, isJson, readJson } from '../errors/answer.ts';
import type { PorticoError } from '../errors/portico-error.ts';
import type { AppRouter } from './app-router.ts';
import { HeadersError } from './headers-error.ts';
import { problemIn } from './problem-in.ts';
import { type HeadersOf, singleRequestLink } from './single-request-link.ts';
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
  const headersOf: HeadersOf = (operation) =>
    callHeaders(connection, facts(operation)).catch((cause: unknown) => {
      throw new HeadersError(cause);
    });
  return {
    facts,
    one: singleRequestLink(connection, headersOf),
    several: () =>
      httpBatchStreamLink({
        url,
        transformer,
        headers: ({ opList: [operation] }) => headersOf(operation),
        fetch: async (input, init) => {
          const response = await connection.fetch(input as string, init as RequestInit);
          if (!response.ok) throw await refusalOf(response);
          if (!isJson(response)) throw foreignAnswer(response);
          return response;
        },
      }),
  };
}

async function refusalOf(response: Response): Promise<PorticoError> {
  const body = await readJson(response);
  return failedAnswer(response, problemIn(body) ?? body);
}
