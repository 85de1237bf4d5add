import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually, type ServerProcess } from '../../harness/server-process.ts';

/** Waits until the server takes no more connections. */
export const refusesConnections = ({ port }: ServerProcess): Promise<true> =>
  eventually(async () => {
    const socket = connect({ port, host: '127.0.0.1' });
    try {
      await once(socket, 'connect');
      return undefined;
    } catch {
      return true;
    } finally {
      socket.destroy();
    }
  });
