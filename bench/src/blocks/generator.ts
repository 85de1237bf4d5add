import type { SocketLoad, SocketResult } from '@portico/measure/sockets/socket-loop';
import { Helper } from '../helper.ts';

/** As many connections as the bounds are stated for. */
export const manyConnections = 32;

/** A process that puts load on servers of this machine. */
export interface Generator extends AsyncDisposable {
  run(load: SocketLoad): Promise<SocketResult>;
}

export function startGenerator(): Generator {
  const helper = new Helper(new URL(import.meta.resolve('@portico/measure/sockets/socket-process')));
  return {
    run: (load) => helper.request<SocketResult>(load),
    [Symbol.asyncDispose]: () => helper[Symbol.asyncDispose](),
  };
}
