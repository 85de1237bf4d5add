import { HttpClient } from '@portico/measure/load/http-client';
import { startDirect } from './direct/direct-processes.ts';
import { directTiny } from './direct/setups.ts';
import { bounded, type Report, short } from './report.ts';
import { tinyQuestion } from './requests.ts';
import { startServer } from './server-process.ts';
import { serverTiming } from './server-timing.ts';
import type { Settings } from './settings.ts';
import { quantile } from './statistics.ts';

const bound = { most: 1 };
const perRound = 200;
const enginePhases = ['decode', 'inference', 'postprocess'] as const;

/** What Portico adds to a request: one keep-alive client against the model's own `run()` in a process of its own. */
export async function overhead({ quick, modelFolder }: Settings): Promise<Report> {
  await using server = await startServer({ models: 'tiny', modelFolder, environment: { REPLICAS: '1' } });
  await using direct = await startDirect(directTiny(modelFolder), 1);
  await server.ready();
  const client = new HttpClient({ url: server.url, maxConnections: 1, timeoutMs: 10_000 });
  const asked: Timing[] = [];
  const ran: number[] = [];
  await askRepeatedly(client);
  await direct.run(perRound, perRound);
  for (let round = 0; round < (quick ? 10 : 50); round += 1) {
    asked.push(...(await askRepeatedly(client)));
    ran.push(...(await direct.run(perRound, perRound)));
  }
  client.close();

  const total = asked.map(({ milliseconds }) => milliseconds);
  const outsideEngine = asked.map(({ milliseconds, engineMs }) => milliseconds - engineMs);
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

async function askRepeatedly(client: HttpClient): Promise<Timing[]> {
  const timings: Timing[] = [];
  while (timings.length < perRound) {
    const startedAt = performance.now();
    const answer = await client.send(tinyQuestion.request);
    const milliseconds = performance.now() - startedAt;
    const complaint = answer.status === 200 ? tinyQuestion.check(answer) : `status ${answer.status}`;
    if (complaint !== undefined) throw new Error(complaint);
    const phases = serverTiming(String(answer.headers['server-timing']));
    const engineMs = enginePhases.reduce((sum, phase) => sum + (phases[phase] ?? 0), 0);
    timings.push({ milliseconds, engineMs });
  }
  return timings;
}

const percentiles = (values: readonly number[]): string[] =>
  [0.5, 0.9, 0.99].map((share) => short(quantile(values, share)));
