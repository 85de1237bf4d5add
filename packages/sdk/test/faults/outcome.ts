import type { CallOptions } from '../../src/options.ts';
import { clientThrough } from './client-through.ts';
import type { SeenRequest } from './fault-proxy.ts';
import type { Script } from './fault.ts';
import type { Method } from './methods.ts';
import type { RealServer } from './real-server.ts';

/** How a call ended, and what the proxy saw of it. */
export interface Outcome {
  readonly value?: unknown;
  readonly error?: unknown;
  readonly milliseconds: number;
  readonly seen: readonly SeenRequest[];
}

/** Makes one call through a proxy with this script. */
export async function outcomeOf(
  server: RealServer,
  method: Method,
  script: Script,
  options: CallOptions,
): Promise<Outcome> {
  const { timeoutMs, retry } = options;
  await using client = await clientThrough(server, script, {
    only: method.path,
    timeoutMs,
    ...(retry === undefined ? {} : { retry }),
  });
  const { portico, proxy } = client;
  const startedAt = performance.now();
  const settled = await method.run(portico, options).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return { ...settled, milliseconds: performance.now() - startedAt, seen: proxy.seen };
}
