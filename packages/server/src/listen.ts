import { chmod, lstat, unlink } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ListenAddress } from './config/network.ts';

/** The owner and the group of the server may connect: a proxy that runs as another user joins the group. */
const socketMode = 0o660;
/** A unix socket answers at once or not at all. */
const connectMs = 1_000;

/**
 * Listens, and resolves with the address for this machine: `http://localhost:8000`, or `unix:/run/portico.sock`. A file that
 * an earlier server has left behind at the socket's path is replaced; Node removes it when the server closes.
 * Rejects with the system's error where the address is in use.
 */
export async function listen(app: FastifyInstance, address: ListenAddress): Promise<string> {
  if ('host' in address) {
    await app.listen(address);
    return `http://localhost:${(app.server.address() as AddressInfo).port}`;
  }
  const { socketPath } = address;
  if (await isAbandonedSocket(socketPath)) await unlink(socketPath);
  await app.listen({ path: socketPath });
  await chmod(socketPath, socketMode);
  return `unix:${socketPath}`;
}

/** Whether a socket is at this path and no process listens on it. */
async function isAbandonedSocket(path: string): Promise<boolean> {
  const file = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (file?.isSocket() !== true) return false;
  return new Promise((resolve) => {
    const socket = connect({ path, timeout: connectMs });
    const end = (isAbandoned: boolean): void => {
      socket.destroy();
      resolve(isAbandoned);
    };
    socket.once('connect', () => end(false));
    socket.once('timeout', () => end(false));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED'));
  });
}
