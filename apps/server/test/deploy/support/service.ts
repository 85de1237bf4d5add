import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface ServiceOptions {
  /** Ports of the pods that are ready now. */
  readonly ready: () => readonly number[];
  /** From a change of a pod until connections go by it. */
  readonly endpointLagMs: number;
}

export interface Service extends AsyncDisposable {
  readonly url: string;
  /** Endpoints that connections go to now. */
  readonly endpoints: readonly number[];
  /** A pod has changed. */
  changed(): void;
}

/**
 * Joins pods behind one port as kube-proxy does: a connection goes to one of the endpoints, as they were a while ago, and
 * stays there. Nothing is tried again, so a connection to a pod that is gone is lost.
 */
export async function startService({ ready, endpointLagMs }: ServiceOptions): Promise<Service> {
  let endpoints: readonly number[] = [];
  let turn = 0;
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();

  const server = createServer({ noDelay: true }, (client) => {
    const port = endpoints[turn++ % endpoints.length];
    if (port === undefined) {
      client.destroy();
      return;
    }
    const pod = connect({ port, host: '127.0.0.1', noDelay: true });
    for (const [socket, other] of [
      [client, pod],
      [pod, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroySoon();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get endpoints() {
      return endpoints;
    },
    changed() {
      const now = ready();
      const timer = setTimeout(() => {
        timers.delete(timer);
        endpoints = now;
      }, endpointLagMs);
      timers.add(timer);
    },
    [Symbol.asyncDispose]: async () => {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
