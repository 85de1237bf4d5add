import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appRouter, type Context } from '@portico/api';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';

export interface RouterServer extends AsyncDisposable {
  readonly url: string;
  /** Paths of the requests, without the query. */
  readonly paths: readonly string[];
  /** Requests whose client has left before the response. */
  readonly left: () => number;
}

/** Starts the server's own router on a free port, with what it runs put in its place. */
export async function startRouterServer(context: Partial<Context>): Promise<RouterServer> {
  const paths: string[] = [];
  let left = 0;
  const handler = createHTTPHandler({
    router: appRouter,
    basePath: '/trpc/',
    createContext: () => ({ requestId: 'request-1', ...context }) as Context,
  });
  const server = createServer((request, response) => {
    paths.push(String(request.url).replace(/\?.*/, ''));
    response.on('close', () => {
      if (!response.writableEnded) left += 1;
    });
    handler(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    left: () => left,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
