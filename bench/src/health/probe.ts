import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from '@portico/measure/load/http-client';

/** Servers to probe in turn. */
export interface ProbeCommand {
  readonly urls: readonly string[];
  readonly intervalMs: number;
  readonly seconds: number;
}

/** Milliseconds from sending to the last byte, by server, in the order of the command. */
export interface ProbeReply {
  readonly latencies: readonly (readonly number[])[];
  readonly failures: readonly string[];
}

const request = { method: 'GET', path: '/health' } as const;
const options = { maxConnections: 64, timeoutMs: 10_000 };

// A process that probes several servers in turn, so that a disturbance affects the figures of all of them alike.
process.once('disconnect', () => process.exit(0));
process.on('message', (command: ProbeCommand) => {
  void probe(command).then((reply) => process.send?.(reply));
});

async function probe({ urls, intervalMs, seconds }: ProbeCommand): Promise<ProbeReply> {
  const servers = urls.map((url) => ({ client: new HttpClient({ ...options, url }), latencies: [] as number[] }));
  const failures: string[] = [];
  const inFlight: Promise<void>[] = [];
  const once = async ({ client, latencies }: (typeof servers)[number], counts: boolean): Promise<void> => {
    const sentAt = performance.now();
    try {
      const { status } = await client.send(request);
      if (status !== 200) failures.push(`status ${status}`);
      else if (counts) latencies.push(performance.now() - sentAt);
    } catch (error) {
      failures.push(String(error));
    }
  };
  // Connections are opened before anything is counted.
  for (const server of servers) await once(server, false);
  const startedAt = performance.now();
  for (let turn = 0; performance.now() - startedAt < seconds * 1_000; turn += 1) {
    const server = servers[turn % servers.length];
    if (server !== undefined) inFlight.push(once(server, true));
    await sleep(Math.max(1, startedAt + (turn + 1) * intervalMs - performance.now()));
  }
  await Promise.all(inFlight);
  for (const { client } of servers) client.close();
  return { latencies: servers.map(({ latencies }) => latencies), failures };
}
