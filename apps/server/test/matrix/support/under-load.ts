import { setTimeout as sleep } from 'node:timers/promises';
import { dense } from '../../drain/support/doors.ts';
import { freePort } from '../../drain/support/free-port.ts';
import { eventually, type ServerProcess, startServer } from '../../harness/server-process.ts';
import { clients } from './clients.ts';
import { cameBack, footprint } from './footprint.ts';
import type { Finding, Row, Scene } from './row.ts';

/** Of load before the footprint is taken, so that what grows once with the first requests has grown. */
const warmMs = 700;
const aroundMs = 500;
const settleMs = 300;

/** Strikes a server that serves two models under load, and says what each side saw and what is left of it. */
export async function underLoad(row: Row): Promise<Finding> {
  const port = String(await freePort());
  let server: ServerProcess | undefined;
  try {
    const environment = {
      MODEL_NAME: `${row.model},dense`,
      PORT: port,
      LOG_LEVEL: 'info',
      ...(await row.environment?.()),
    };
    server = await startServer(environment);
    await server.ready();
    const { url } = server;
    const load = () => ({ struck: clients(url, row.clients), other: clients(url, dense) });

    const warming = load();
    await sleep(warmMs);
    await Promise.all([warming.struck.stop(), warming.other.stop()]);
    await row.rehearse?.(server);
    await sleep(settleMs);
    const before = await footprint(server);

    const { struck, other } = load();
    await sleep(aroundMs);
    const culprit: Record<string, number> = {};
    let struckAt = performance.now();
    const current = (): ServerProcess => {
      if (server === undefined) throw new Error('there is no server');
      return server;
    };
    const scene: Scene = {
      get server() {
        return current();
      },
      culprit: (outcome) => void (culprit[outcome] = (culprit[outcome] ?? 0) + 1),
      struck: () => void (struckAt = performance.now()),
      restart: async () => void (server = await startServer(environment)),
    };
    await row.strike(scene);
    const good = struck.outcomes['200'] ?? 0;
    await eventually(async () => ((struck.outcomes['200'] ?? 0) > good ? true : undefined));
    await sleep(aroundMs);
    const recoveryMs = struck.longestSilence(struckAt);
    await Promise.all([struck.stop(), other.stop()]);
    await current().ready();
    return {
      name: row.name,
      clients: struck.outcomes,
      culprit,
      recoveryMs,
      other: other.outcomes,
      otherSlowestMs: other.slowestMs,
      before,
      after: await cameBack(current(), before),
    };
  } finally {
    await server?.[Symbol.asyncDispose]();
    await row.tidy?.();
  }
}
