import { bundledTasks } from '../../src/bundled-tasks.ts';
import { createPortico } from '../../src/create-portico.ts';
import type { PorticoOptions } from '../../src/options.ts';
import type { Portico } from '../../src/portico.ts';
import type { FixtureTasks } from './fixture-tasks.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import type { Script } from './fault.ts';
import type { RealServer } from './real-server.ts';

export interface FaultyClient extends AsyncDisposable {
  readonly portico: Portico<FixtureTasks>;
  readonly proxy: FaultProxy;
}

const tasks = { ...bundledTasks, draw: 'image', compare: 'form', say: 'json' } as const;

/** A client whose requests go to the server through a proxy; the script applies to those that `only` matches. */
export async function clientThrough(
  server: RealServer,
  script: Script,
  { only, ...options }: Partial<PorticoOptions> & { only?: RegExp } = {},
): Promise<FaultyClient> {
  const proxy = await startFaultProxy(server.url, script, only);
  const portico = createPortico<FixtureTasks>({ url: proxy.url, tasks, retry: { initialDelayMs: 20 }, ...options });
  return { portico, proxy, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
}
