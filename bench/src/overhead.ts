import { closedLoop } from '@portico/measure/load/closed-loop';
import { HttpClient } from '@portico/measure/load/http-client';
import { manyConnections } from './blocks/generator.ts';
import { directTiny, startDirect } from './direct/direct.ts';
import { bounded, quantile, type Report, short } from './report.ts';
import { tinyLoad } from './loads.ts';
import { startServer } from './server-process.ts';
import type { Settings } from './settings.ts';

const bound = { max: 0.4 };
const perRound = 200;
const enginePhases = ['decode', 'inference', 'postprocess'] as const;

/** What Portico adds to a request: one keep-alive client against the model's own `run()` in a process of its own. */
export async function overhead({ quick, modelFolder }: Settings): Promise<Report> {
  await using server = await startServer({ models: 'tiny', modelFolder, environment: { REPLICAS: '1' } });
  await using direct = await startDirect(directTiny(modelFolder), 1);
  await server.ready();
  const client = new HttpClient({ url: server.url, maxConnections: 1, timeoutMs: 10_000 });
  const served: Timing[] = [];
  const ran: number[] = [];
  // V8 optimizes what has run some thousand times, and until then a request costs several times as much.
  await closedLoop({ url: server.url, ...tinyLoad, clients: manyConnections, count: 10_000, seconds: 10 });
  await sendRepeatedly(client);
  await direct.run(perRound, perRound);
  for (let round = 0; round < (quick ? 10 : 50); round += 1) {
    served.push(...(await sendRepeatedly(client)));
    ran.push(...(await direct.run(perRound, perRound)));
  }
  client.close();

  const total = served.map(({ milliseconds }) => milliseconds);
  const outsideEngine = served.map(({ milliseconds, engineMs }) => milliseconds - engineMs);
  const added = quantile(total, 0.5) - quantile(ran, 0.5);
  return {
    title: 'What Portico adds to a request (tiny model, one keep-alive client)',
    header: ['milliseconds', 'p50', 'p90', 'p99', 'p50 must be', 'is it'],
    rows: [
      ['client, from sending to the last byte', ...percentiles(total), '', ''],
      ["the model's run(), driven directly", ...percentiles(ran), '', ''],
      ['added: the difference of the medians', short(added), '', '', ...bounded(added, bound).slice(1)],
      ['client less the phases of server-timing, by request', ...percentiles(outsideEngine), '', ''],
    ],
    notes: [`${total.length} requests and as many runs, in alternating blocks of ${perRound}.`],
  };
}

interface Timing {
  readonly milliseconds: number;
  readonly engineMs: number;
}

async function sendRepeatedly(client: HttpClient): Promise<Timing[]> {
  const timings: Timing[] = [];
  while (timings.length < perRound) {
    const startedAt = performance.now();
    const response = await client.send(tinyLoad.request);
    const milliseconds = performance.now() - startedAt;
    const complaint = response.status === 200 ? tinyLoad.check(response) : `status ${response.status}`;
    if (complaint !== undefined) throw new Error(complaint);
    const phases = serverTiming(String(response.headers['server-timing']));
    const engineMs = enginePhases.reduce((sum, phase) => sum + (phases[phase] ?? 0), 0);
    timings.push({ milliseconds, engineMs });
  }
  return timings;
}

const percentiles = (values: readonly number[]): string[] =>
  [0.5, 0.9, 0.99].map((share) => short(quantile(values, share)));

/** Milliseconds by phase in a `server-timing` header: `decode;dur=1.2, inference;dur=3.4`. */
export function serverTiming(header: string): Readonly<Record<string, number>> {
  const phases = [...header.matchAll(/(\w+);dur=([\d.]+)/g)];
  return Object.fromEntries(phases.map(([, phase = '', milliseconds]) => [phase, Number(milliseconds)]));
}
