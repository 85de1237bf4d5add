import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that has found one segment of speech, and finds the next when it is told to. */
export interface HeldStream extends AsyncDisposable {
  readonly url: string;
  /** Lets it find the second segment and finish. */
  finish(): void;
  /** Whether a client has gone before the end. */
  isAbandoned(): boolean;
}

const segments = [
  { start: 1, end: 2, confidence: 1 },
  { start: 3, end: 4, confidence: 1 },
];

/** Shows whether what is between a page and a server passes a stream on as it comes. */
export async function startHeldStream(): Promise<HeldStream> {
  const finishing = new EventTarget();
  let abandoned = false;
  const server = createServer((request, response) => {
    request.resume();
    response.on('close', () => (abandoned ||= !response.writableEnded));
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ models: [] }));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event('item', segments[0]));
    finishing.addEventListener('finish', () => {
      response.write(event('item', segments[1]));
      response.end(event('result', { durationSeconds: 5, segments, warnings: [] }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    finish: () => void finishing.dispatchEvent(new Event('finish')),
    isAbandoned: () => abandoned,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const event = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
