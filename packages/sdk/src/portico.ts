import type { TRPCClient } from '@trpc/client';
import type { ReadyStatus } from './contract.ts';
import type { CallOptions } from './options.ts';
import type { AppRouter } from './router.ts';
import type { TaskMethods } from './task-types.ts';

/** A client of one server: a method for each task, and the server's state. */
export interface Portico extends TaskMethods {
  /**
   * Whether every model of the server can be asked now, and if not, which one and why.
   *
   * @example
   * const state = await portico.ready();
   * if (state.status === 'not ready') console.log(state.detail);
   */
  ready(options?: CallOptions): Promise<ReadyStatus>;
  /**
   * The tRPC client, for everything else the server says about itself. It rejects with tRPC's own error,
   * whose `data.problem` is what the server sent.
   *
   * @example
   * const { models } = await portico.trpc.models.list.query();
   */
  readonly trpc: TRPCClient<AppRouter>;
}
