import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Responds to one request; it may cut, stall and lie. */
export type Responder = (response: ServerResponse, request: IncomingMessage) => void;

export interface WeightsServer extends AsyncDisposable {
  readonly url: string;
  /** In the order they arrived. */
  readonly requests: readonly ReceivedRequest[];
}

/** A server whose first request goes to the first responder and so on; the last one gets all that follow. */
export async function serveWeights(...responders: readonly Responder[]): Promise<WeightsServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const respond = responders[Math.min(requests.length, responders.length - 1)];
    requests.push({ path: request.url ?? '', headers: request.headers });
    respond?.(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const send =
  (bytes: Uint8Array, headers: Record<string, string> = {}): Responder =>
  (response) => {
    response.writeHead(200, { 'content-length': String(bytes.byteLength), ...headers });
    response.end(bytes);
  };

export const refuse =
  (status: number, headers: Record<string, string> = {}): Responder =>
  (response) => {
    response.writeHead(status, headers);
    response.end('no');
  };

/** Sends a part of the file, and then cuts the connection or says nothing more. */
export const sendPart =
  (bytes: Uint8Array, length: number, then: 'cut' | 'stall', headers: Record<string, string> = {}): Responder =>
  (response) => {
    response.writeHead(200, { 'content-length': String(bytes.byteLength), ...headers });
    response.write(bytes.subarray(0, length), () => {
      if (then === 'cut') setTimeout(() => response.destroy(), 20);
    });
  };

/** Sends what a range request asks for. */
export const sendRest =
  (bytes: Uint8Array, headers: Record<string, string> = {}): Responder =>
  (response, request) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]);
    response.writeHead(206, {
      'content-length': String(bytes.byteLength - start),
      'content-range': `bytes ${start}-${bytes.byteLength - 1}/${bytes.byteLength}`,
      ...headers,
    });
    response.end(bytes.subarray(start));
  };

/** Ends the header with a length and the body with another. */
export const sendWithLength =
  (bytes: Uint8Array, length: number): Responder =>
  (response) => {
    response.socket?.write(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`);
    response.socket?.end(bytes);
  };
