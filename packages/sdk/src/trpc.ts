import { transformer } from '@portico/api';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import { readJson } from './answer.ts';
import type { Connection } from './connection.ts';
import { timeoutHeader } from './deadline.ts';
import type { AppRouter } from './router.ts';

/** The typed tRPC client. One request per call: batched calls would wait for the slowest and share its deadline. */
export function trpcClient(connection: Connection): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${connection.url}/trpc`,
        transformer,
        headers: async ({ op }) => ({
          ...(await connection.headers()),
          ...timeoutHeader(connection.callOptions(op.context as { timeoutMs?: number }).timeoutMs),
        }),
        fetch: async (url, init) => {
          const response = await connection.fetch(url as string, init as RequestInit);
          const body = await readJson(response);
          return Object.assign(response, { json: async () => body });
        },
      }),
    ],
  });
}
