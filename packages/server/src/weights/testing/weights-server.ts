import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AskedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Answers one request; it may cut, stall and lie. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface WeightsServer extends AsyncDisposable {
  readonly url: string;
  /** What it was asked, in order. */
  readonly asked: readonly AskedRequest[];
}

/** A server whose first request gets the first answer and so on; the last answer is that of all that follow. */
export async function serveWeights(...answers: readonly Answer[]): Promise<WeightsServer> {
  const asked: AskedRequest[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push({ path: request.url ?? '', headers: request.headers });
    answer?.(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const send =
  (bytes: Uint8Array, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(200, { 'content-length': String(bytes.byteLength), ...headers });
    response.end(bytes);
  };

export const refuse =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, headers);
    response.end('no');
  };

/** Sends a part of the file, and then cuts the connection or says nothing more. */
export const sendPart =
  (bytes: Uint8Array, length: number, then: 'cut' | 'stall', headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(200, { 'content-length': String(bytes.byteLength), ...headers });
    response.write(bytes.subarray(0, length), () => {
      if (then === 'cut') setTimeout(() => response.destroy(), 20);
    });
  };

/** Sends what a range request asks for. */
export const sendRest =
  (bytes: Uint8Array, headers: Record<string, string> = {}): Answer =>
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
  (bytes: Uint8Array, length: number): Answer =>
  (response) => {
    response.socket?.write(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`);
    response.socket?.end(bytes);
  };
