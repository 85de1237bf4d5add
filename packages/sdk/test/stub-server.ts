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

/** The stub's response; without one it never responds. */
export interface StubResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text goes out as it is, anything else as JSON. */
  readonly body: unknown;
}

export interface StubServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Breaks every connection, also in the middle of a response. */
  cutConnections(): void;
  /** Settles when a client has closed its connection before the response. */
  readonly abandoned: Promise<void>;
}

/** Starts a server on a free port that sends every client the same response, or the one that the function returns. */
export async function startStubServer(
  responses: StubResponse | undefined | ((request: ReceivedRequest) => StubResponse | undefined),
): Promise<StubServer> {
  const requests: ReceivedRequest[] = [];
  const { promise: abandoned, resolve: abandon } = deferred();
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const arrived = await received(request);
    requests.push(arrived);
    const stub = typeof responses === 'function' ? responses(arrived) : responses;
    if (stub === undefined) return;
    const isText = typeof stub.body === 'string';
    const contentType = isText ? 'text/html' : 'application/json';
    response.writeHead(stub.status ?? 200, { 'content-type': contentType, ...stub.headers });
    response.end(isText ? stub.body : JSON.stringify(stub.body));
  };
  const server = createServer((request, response) => {
    response.on('close', () => {
      if (!response.writableEnded) abandon();
    });
    void respond(request, response);
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
