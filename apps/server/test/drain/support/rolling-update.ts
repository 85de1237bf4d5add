import { eventually, type ServerProcess, startServer } from '../../harness/server-process.ts';
import { closedLoop } from './closed-loop.ts';
import type { Door } from './doors.ts';
import { type Ending, end } from './ending.ts';
import { freePort } from './free-port.ts';
import { startReverseProxy } from './reverse-proxy.ts';

export interface RollingUpdateOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** One client for each. */
  readonly doors: readonly Door[];
  readonly rounds: number;
}

export interface RollingUpdate {
  readonly asked: number;
  /** What went wrong for clients. */
  readonly losses: readonly string[];
  /** Connections that the clients needed; one each, unless one broke. */
  readonly connections: number;
  /** Requests that a server was asked while it drained. */
  readonly answeredWhileDraining: number;
  readonly endings: readonly Ending[];
}

const startMs = 60_000;

/** Restarts two servers behind a proxy in turn, as often as there are rounds, while clients are served. */
export async function rollingUpdate({ environment, doors, rounds }: RollingUpdateOptions): Promise<RollingUpdate> {
  const ports = [await freePort(), await freePort()];
  const servers = new Map<number, ServerProcess>();
  const endings: Ending[] = [];
  const launch = async (port: number): Promise<void> => {
    servers.set(port, await startServer({ LOG_LEVEL: 'info', ...environment, PORT: String(port) }));
  };
  try {
    await Promise.all(ports.map(launch));
    await using proxy = await startReverseProxy(ports);
    const allServe = async (): Promise<void> => {
      await eventually(async () => (ports.every((port) => proxy.serves(port)) ? true : undefined), startMs);
    };
    await allServe();
    const clients = closedLoop(proxy.url, doors);
    for (let round = 0; round < rounds; round += 1) {
      for (const [port, server] of servers) {
        endings.push(await end(server));
        await launch(port);
        await allServe();
      }
    }
    await clients.stop();
    const { asked, losses, connections, slowestMs } = clients;
    const { answeredWhileDraining } = proxy;
    process.stderr.write(
      `measured: ${endings.length} restarts under ${doors.length} clients: ${asked} requests, ${losses.length} lost, ` +
        `${answeredWhileDraining} answered while draining, ${proxy.connectionsOpened} connections to the servers, ` +
        `the slowest answer after ${Math.round(slowestMs)} ms\n`,
    );
    return { asked, losses, connections, answeredWhileDraining, endings };
  } finally {
    await Promise.all([...servers.values()].map((server) => server[Symbol.asyncDispose]()));
  }
}
