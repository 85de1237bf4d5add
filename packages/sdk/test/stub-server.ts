import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the stub received it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What the stub says; without one it never answers. */
export interface StubAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text goes out as it is, anything else as JSON. */
  readonly body: unknown;
}

export interface StubServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Settles when a client has left without its answer. */
  readonly abandoned: Promise<void>;
}

/** Starts a server on a free port that answers every request the same way, or as the function says. */
export async function startStubServer(
  answers: StubAnswer | undefined | ((request: ReceivedRequest) => StubAnswer),
): Promise<StubServer> {
  const requests: ReceivedRequest[] = [];
  const { promise: abandoned, resolve: abandon } = deferred();
  const server = createServer(async (request, response) => {
    response.on('close', () => {
      if (!response.writableEnded) abandon();
    });
    const arrived = await received(request);
    requests.push(arrived);
    const answer = typeof answers === 'function' ? answers(arrived) : answers;
    if (answer === undefined) return;
    const isText = typeof answer.body === 'string';
    response.writeHead(answer.status ?? 200, {
      'content-type': isText ? 'text/html' : 'application/json',
      ...answer.headers,
    });
    response.end(isText ? answer.body : JSON.stringify(answer.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    abandoned,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The fields and files of a multipart request. */
export function formOf(request: ReceivedRequest | undefined): Promise<FormData> {
  if (request === undefined) throw new Error('No request arrived.');
  const headers = { 'content-type': String(request.headers['content-type']) };
  return new Response(new Uint8Array(request.body), { headers }).formData();
}

async function received(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers } = request;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
