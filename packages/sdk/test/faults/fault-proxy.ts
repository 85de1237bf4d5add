import { once } from 'node:events';
import { createServer, type IncomingMessage, request as sendRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { passBroken } from './pass-broken.ts';
import { type Fault, pass, type Script } from './fault.ts';

/** A request as the proxy saw it. */
export interface SeenRequest {
  readonly path: string;
  /** When it arrived, in milliseconds of `performance.now()`. */
  readonly at: number;
  /** Its timeout, in seconds. */
  readonly timeoutSeconds: number | undefined;
}

export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** The requests that the script was for. */
  readonly seen: readonly SeenRequest[];
  /** Open connections of clients. */
  readonly connections: () => Promise<number>;
  /** Requests that have not ended. */
  readonly running: () => number;
}

/** Of one hop, not of the whole way. */
const hopHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host']);

const withoutHop = (headers: IncomingMessage['headers']): IncomingMessage['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.has(name)));

/**
 * Starts a proxy in front of a server that does to each request what the script says. With `only`, requests for other paths
 * are passed on and not counted.
 */
export async function startFaultProxy(target: string, script: Script, only = /^\//): Promise<FaultProxy> {
  const seen: SeenRequest[] = [];
  let running = 0;
  const server = createServer((request, response) => {
    const path = String(request.url);
    const isScripted = only.test(path);
    const fault = isScripted ? script(seen.length) : pass;
    const timeout = request.headers['x-timeout-seconds'];
    const timeoutSeconds = timeout === undefined ? undefined : Number(timeout);
    if (isScripted) seen.push({ path, at: performance.now(), timeoutSeconds });
    running += 1;
    response.on('close', () => (running -= 1));
    // Either side may leave at any time; that is what this is for.
    request.on('error', () => {});
    response.on('error', () => {});
    handle(target, fault, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      }),
    running: () => running,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function handle(target: string, fault: Fault, request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (fault.kind) {
    case 'silence':
      request.resume();
      return;
    case 'garbage':
      request.socket.end('\u0000This is not HTTP.\r\n\r\n');
      return;
    case 'respond':
      request.resume();
      await once(request, 'end');
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    case 'cut':
    case 'reset':
      if (fault.where === 'before the request body') return leave(request, fault.kind);
      if (fault.where === 'in the request body') {
        if (request.method !== 'GET') await once(request, 'data');
        return leave(request, fault.kind);
      }
      break;
    case 'delay':
      await sleep(fault.request ?? 0);
      break;
    case 'pass':
    case 'slow upload':
    case 'drip':
  }
  const upstream = await forward(target, request, response, fault.kind === 'slow upload' ? fault.pause : 0);
  if (fault.kind === 'delay') await sleep(fault.response ?? 0);
  const isCut = fault.kind === 'cut' || fault.kind === 'reset';
  if (isCut && fault.where === 'before the response') return leave(request, fault.kind);
  response.writeHead(upstream.statusCode ?? 502, withoutHop(upstream.headers));
  response.flushHeaders();
  await passBroken(upstream, response, fault);
  if (isCut) leave(request, fault.kind);
  else response.end();
}

function leave({ socket }: IncomingMessage, kind: 'cut' | 'reset'): void {
  if (kind === 'reset') socket.resetAndDestroy();
  else socket.end();
}

/** Passes the request on, with pauses after its pieces; the server is left as soon as the client leaves. */
async function forward(
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
  pause: number,
): Promise<IncomingMessage> {
  const { method, headers } = request;
  const upstream = sendRequest(target + String(request.url), { method, headers: withoutHop(headers), agent: false });
  response.on('close', () => upstream.destroy());
  const responded = once(upstream, 'response') as Promise<[IncomingMessage]>;
  const slowed = new Transform({
    transform: (piece, _encoding, done) => void setTimeout(done, pause, null, piece),
  });
  if (pause > 0) request.pipe(slowed).pipe(upstream);
  else request.pipe(upstream);
  const [received] = await responded;
  upstream.on('error', () => response.destroy());
  return received;
}
