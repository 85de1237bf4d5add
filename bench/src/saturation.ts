import { closedLoop } from '@portico/measure/load/closed-loop';
import { serverUsage } from '@portico/measure/process/server-usage';
import { type DirectProcesses, startDirect } from './direct/direct-processes.ts';
import { directOcr } from './direct/setups.ts';
import { bounded, type Report, short } from './report.ts';
import { ocrQuestion } from './requests.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { replicas, saturatingClients, type Settings } from './settings.ts';
import { median } from './statistics.ts';

const bound = { least: 0.95 };

/** How fast pages were read in one block, and what each cost. */
interface Block {
  readonly perSecond: number;
  readonly cpuMillisecondsPerPage: number;
}

/** Pages a second through the server, against the same number of processes that call the model's `run()` directly. */
export async function saturation({ quick, modelFolder }: Settings): Promise<Report> {
  const [rounds, seconds] = quick ? [2, 4] : [6, 5];
  await using server = await startServer({ models: 'ocr', modelFolder });
  await server.ready();
  await using processes = await startDirect(directOcr(modelFolder), replicas);
  await closedLoop({ url: server.url, ...ocrQuestion, clients: replicas, count: 2 * replicas, seconds: 20 });
  await processes.run({ runs: 2 });

  const served: Block[] = [];
  const direct: Block[] = [];
  for (let round = 0; round < rounds; round += 1) {
    served.push(await serve(server, seconds));
    direct.push(await drive(processes, seconds));
  }
  const ratios = served.map(({ perSecond }, round) => perSecond / (direct[round]?.perSecond ?? 0));
  const cpu = (blocks: readonly Block[]): number => median(blocks.map((block) => block.cpuMillisecondsPerPage));
  const row = (name: string, blocks: readonly Block[]): string[] => [
    name,
    ...[median(blocks.map(({ perSecond }) => perSecond)), cpu(blocks)].map(short),
    '',
    '',
  ];
  const [ratio = '', ...judged] = bounded(median(ratios), bound);
  return {
    title: 'Serving OCR at saturation, against the model driven directly',
    header: ['median of blocks', 'pages per s', 'CPU ms per page', 'pages per s must be', 'is it'],
    rows: [
      row(`served: gateway and ${replicas} engines`, served),
      row(`run() in ${replicas} processes`, direct),
      ['served ÷ direct, median of rounds', ratio, short(cpu(served) / cpu(direct)), ...judged],
    ],
    notes: [
      `${rounds} rounds of ${seconds} s each way, in turn. Ratios of the rounds: ${ratios.map(short).join(', ')}.`,
    ],
  };
}

/**
 * The rate while all engines are busy: from the first answer to the last one before the load ends, so that neither the
 * way in nor the way out counts.
 */
async function serve({ url, pid }: ServerProcess, seconds: number): Promise<Block> {
  const endedAt: number[] = [];
  const until = performance.now() + seconds * 1_000;
  const observe = (sample: { readonly endedAt: number }): void => {
    if (sample.endedAt <= until) endedAt.push(sample.endedAt);
  };
  const before = await serverUsage(pid);
  const load = { url, ...ocrQuestion, clients: saturatingClients, seconds, observe };
  const { outcomes, complaints, good } = await closedLoop(load);
  const after = await serverUsage(pid);
  if (Object.keys(outcomes).join() !== '200') throw new Error(`${JSON.stringify(outcomes)} ${complaints.join()}`);
  const [first = 0] = endedAt;
  const last = endedAt.at(-1) ?? 0;
  if (last <= first) throw new Error(`${endedAt.length} pages in ${seconds} s: this machine is too busy to tell.`);
  return {
    perSecond: (endedAt.length - 1) / ((last - first) / 1_000),
    cpuMillisecondsPerPage: (after.total.cpuMilliseconds - before.total.cpuMilliseconds) / good,
  };
}

async function drive(processes: DirectProcesses, seconds: number): Promise<Block> {
  const before = await processes.cpuMilliseconds();
  const durations = await processes.run({ runForMilliseconds: seconds * 1_000 });
  const after = await processes.cpuMilliseconds();
  return {
    perSecond: durations
      .map((durations) => durations.length / (durations.reduce((sum, duration) => sum + duration, 0) / 1_000))
      .reduce((sum, perSecond) => sum + perSecond, 0),
    cpuMillisecondsPerPage: (after - before) / durations.flat().length,
  };
}
