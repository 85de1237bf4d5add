import { once } from 'node:events';
import { alive, childrenOf } from '../../harness/process-facts.ts';
import { eventually, type ServerProcess } from '../../harness/server-process.ts';

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the signal to the exit. */
  readonly milliseconds: number;
}

/** Sends a signal, waits for the exit, and sees that no process of the server outlives it. */
export async function end(server: ServerProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<Ending> {
  const children = (await childrenOf(server.child.pid ?? 0)).map(({ pid }) => pid);
  const exit = once(server.child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const startedAt = performance.now();
  server.child.kill(signal);
  const [code, killedBy] = await exit;
  const milliseconds = performance.now() - startedAt;
  await eventually(async () => ((await alive(children)).length === 0 ? true : undefined));
  return { code, signal: killedBy, milliseconds };
}

export const cleanly = { code: 0, signal: null };
