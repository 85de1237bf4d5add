import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure, problemOf } from '@portico/schemas';

export interface EventsServer extends AsyncDisposable {
  readonly url: string;
}

/** Yields the items of one request and returns its result; the signal fires when the client leaves. */
type Run = (signal: AbortSignal) => AsyncGenerator<unknown, unknown, void>;

const requestId = 'request-1';

/** Starts a server on a free port that responds to every request with a stream of server-sent events, as Portico does. */
export async function startEventsServer(run: Run): Promise<EventsServer> {
  const server = createServer((request, response) => void respond(request, response, run));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, run: Run): Promise<void> {
  const leaving = new AbortController();
  response.on('close', () => leaving.abort());
  for await (const _chunk of request);
  const send = (event: string, data: unknown): void => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(`: a comment\n\nid: 1\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const items = run(leaving.signal);
  try {
    for (let step = await items.next(); ; step = await items.next()) {
      send(step.done === true ? 'result' : 'item', step.value);
      if (step.done === true) break;
    }
  } catch (error) {
    if (leaving.signal.aborted) return;
    if (!(error instanceof Failure)) throw error;
    const problem = problemOf(error, requestId);
    if (response.headersSent) send('error', problem);
    else
      response.writeHead(problem.status, { 'content-type': 'application/problem+json' }).write(JSON.stringify(problem));
  } finally {
    await items.return(undefined);
  }
  response.end();
}
