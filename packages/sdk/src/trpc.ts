import { transformer } from '@portico/api';
import { createTRPCClient, httpBatchStreamLink, httpLink, splitLink, type TRPCClient } from '@trpc/client';
import { failedAnswer, readJson } from './answer.ts';
import type { Connection } from './connection.ts';
import { timeoutHeader } from './deadline.ts';
import type { AppRouter } from './router.ts';

/** The typed tRPC client. One request per call: batched calls would wait for the slowest and share its deadline. */
export function trpcClient(connection: Connection): TRPCClient<AppRouter> {
  const url = `${connection.url}/trpc`;
  const headersOf = async (context: unknown): Promise<Record<string, string>> => ({
    ...(await connection.headers()),
    ...timeoutHeader(connection.callOptions(context as { timeoutMs?: number }).timeoutMs),
  });
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ path }) => path.endsWith('.stream'),
        true: httpBatchStreamLink({
          url,
          transformer,
          maxItems: 1,
          headers: ({ opList: [operation] }) => headersOf(operation.context),
          fetch: async (input, init) => {
            const response = await connection.fetch(input as string, init as RequestInit);
            if (!response.ok) throw failedAnswer(response, problemIn(await readJson(response)));
            return response;
          },
        }),
        false: httpLink({
          url,
          transformer,
          headers: ({ op }) => headersOf(op.context),
          fetch: async (input, init) => {
            const response = await connection.fetch(input as string, init as RequestInit);
            const body = await readJson(response);
            return Object.assign(response, { json: async () => body });
          },
        }),
      }),
    ],
  });
}

/** The problem in a refusal of a batch of one. */
function problemIn(body: unknown): unknown {
  const [refusal] = Array.isArray(body) ? (body as { error?: { json?: { data?: { problem?: unknown } } } }[]) : [];
  return refusal?.error?.json?.data?.problem;
}
