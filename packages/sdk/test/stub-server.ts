import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
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
  /** Breaks every connection, in the middle of an answer too. */
  cutConnections(): void;
  /** Settles when a client has left without its answer. */
  readonly abandoned: Promise<void>;
}

/** Starts a server on a free port that answers every request the same way, or as the function says. */
export async function startStubServer(
  answers: StubAnswer | undefined | ((request: ReceivedRequest) => StubAnswer | undefined),
): Promise<StubServer> {
  const requests: ReceivedRequest[] = [];
  const { promise: abandoned, resolve: abandon } = deferred();
  const answerTo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const arrived = await received(request);
    requests.push(arrived);
    const answer = typeof answers === 'function' ? answers(arrived) : answers;
    if (answer === undefined) return;
    const isText = typeof answer.body === 'string';
    const contentType = isText ? 'text/html' : 'application/json';
    response.writeHead(answer.status ?? 200, { 'content-type': contentType, ...answer.headers });
    response.end(isText ? answer.body : JSON.stringify(answer.body));
  };
  const server = createServer((request, response) => {
    response.on('close', () => {
      if (!response.writableEnded) abandon();
    });
    void answerTo(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    abandoned,
    cutConnections: () => server.closeAllConnections(),
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
