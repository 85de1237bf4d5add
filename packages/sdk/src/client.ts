import type { Connection } from './calls/connection.ts';
import type { TaskKinds } from './tasks/task-kinds.ts';
import type { UntypedTrpc } from './trpc/untyped.ts';

/** What the methods of a client share. */
export interface Client {
  readonly connection: Connection;
  readonly trpc: UntypedTrpc;
  readonly kinds: TaskKinds;
}
