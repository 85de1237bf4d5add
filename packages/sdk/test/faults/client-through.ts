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

/** What a client requests to learn which tasks take files. */
const models = '/trpc/models.list';

/** A client whose requests go to the server through a proxy; the script applies to those that `only` matches. */
export async function clientThrough(
  server: RealServer,
  script: Script,
  { only = new RegExp(`^(?!${models})`), ...options }: Partial<PorticoOptions> & { only?: RegExp } = {},
): Promise<FaultyClient> {
  const proxy = await startFaultProxy(server.url, script, only);
  const portico = createPortico<FixtureTasks>({ url: proxy.url, retry: { initialDelayMs: 20 }, ...options });
  // A client in use already knows what the tasks take.
  if (!only.test(models)) await portico.models();
  return { portico, proxy, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
}
