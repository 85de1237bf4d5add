import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Follows which connections carry no request, and returns what ends those. A server that closes waits for every
 * connection but those between two requests: also for one that browsers and load balancers opened ahead and never used,
 * and for one that stopped in the middle of its headers.
 */
export function followUnusedConnections(server: Server): () => void {
  const requests = new Map<Socket, number>();
  const count = (socket: Socket, change: 1 | -1): void => {
    const before = requests.get(socket);
    if (before !== undefined) requests.set(socket, before + change);
  };
  server.on('connection', (socket: Socket) => {
    requests.set(socket, 0);
    socket.once('close', () => requests.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    count(socket, 1);
    response.once('close', () => count(socket, -1));
  });
  return () => {
    for (const [socket, underWay] of requests) if (underWay === 0) socket.destroy();
  };
}
