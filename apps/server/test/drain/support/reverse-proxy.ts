import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request as ask, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Rotation } from './rotation.ts';

/** What belongs to one connection, and so is not passed on (RFC 9110, 7.6.1). */
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade']);

export interface ReverseProxy extends AsyncDisposable {
  readonly url: string;
  /** Whether the server on this port is sent requests. */
  serves(port: number): boolean;
  /** Answers of servers that said `connection: close`: they were asked while they drained. */
  readonly answeredWhileDraining: number;
  /** Connections opened to the servers; a request that found one open is not counted. */
  readonly connectionsOpened: number;
}

/**
 * Joins servers behind one port as Kubernetes and a load balancer would. Requests go round those in rotation, bodies are
 * streamed, connections are kept on both sides and left when a server says `connection: close`. It never tries a
 * request twice, not even where no byte was sent: every request that a server loses is a 502 for its client.
 */
export async function startReverseProxy(ports: readonly number[]): Promise<ReverseProxy> {
  const rotations = ports.map((port) => new Rotation(port));
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });
  const seen = { answeredWhileDraining: 0, connectionsOpened: 0 };
  let turn = 0;

  const passOn = (request: IncomingMessage, response: ServerResponse): void => {
    const inRotation = rotations.filter(({ isIn }) => isIn);
    const chosen = inRotation[turn++ % inRotation.length];
    if (chosen === undefined) return refuse(response, 503, 'No server is in rotation.');
    const { method, url: path } = request;
    const upstream = ask({
      host: '127.0.0.1',
      port: chosen.port,
      method,
      path,
      agent,
      headers: passedOn(request),
    });
    upstream.on('response', (answer) => {
      if (answer.headers.connection === 'close') seen.answeredWhileDraining += 1;
      response.writeHead(answer.statusCode ?? 502, passedOn(answer));
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    upstream.on('socket', () => {
      if (!upstream.reusedSocket) seen.connectionsOpened += 1;
    });
    upstream.on('error', (error) => refuse(response, 502, `Port ${chosen.port}: ${error.message}`));
    response.on('close', () => {
      if (!response.writableFinished) upstream.destroy();
    });
    request.pipe(upstream);
  };

  // Its clients are at it all the time; none of its own connections is to end under them.
  const server = createServer({ keepAliveTimeout: 0 }, passOn);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serves: (port) => rotations.some((rotation) => rotation.port === port && rotation.isIn),
    get answeredWhileDraining() {
      return seen.answeredWhileDraining;
    },
    get connectionsOpened() {
      return seen.connectionsOpened;
    },
    [Symbol.asyncDispose]: async () => {
      for (const rotation of rotations) rotation.stop();
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function refuse(response: ServerResponse, status: number, why: string): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'content-type': 'text/plain' }).end(why);
}

const passedOn = ({ headers }: IncomingMessage): IncomingMessage['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));
