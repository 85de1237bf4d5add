import { once } from 'node:events';
import { createServer, type IncomingMessage, request as requestTo, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HostileServer extends AsyncDisposable {
  readonly url: string;
  /** What it has been sent in the header `x-api-key`. */
  readonly keys: ReadonlySet<string>;
}

/** Answers a request itself, and returns true; or leaves it to the server behind. */
type Answer = (request: IncomingMessage, response: ServerResponse) => boolean;

const corsHeaders = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*, x-api-key' };

/** Another server with some answers of its own. */
export async function startHostileServer(target: string, answer: Answer): Promise<HostileServer> {
  const keys = new Set<string>();
  const server = createServer((request, response) => {
    const { method, headers, url = '/' } = request;
    if (headers['x-api-key'] !== undefined) keys.add(String(headers['x-api-key']));
    if (method !== 'OPTIONS') {
      for (const [name, value] of Object.entries(corsHeaders)) response.setHeader(name, value);
      if (answer(request, response)) {
        request.resume();
        return;
      }
    }
    const upstream = requestTo(target + url, { method, headers }, (upstreamResponse) => {
      response.writeHead(upstreamResponse.statusCode ?? 502, upstreamResponse.headers);
      upstreamResponse.pipe(response);
    });
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    keys,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function json(response: ServerResponse, text: string): boolean {
  response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  return true;
}
