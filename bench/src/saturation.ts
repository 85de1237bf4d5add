import { closedLoop } from '@portico/measure/load/closed-loop';
import { serverUsage } from '@portico/measure/server-usage';
import { directOcr, type DirectProcesses, startDirect } from './direct/direct.ts';
import { bounded, median, type Report, short } from './report.ts';
import { ocrLoad } from './loads.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { replicas, saturatingClients, type Settings } from './settings.ts';

const bound = { min: 0.95 };

/** How fast pages were read in one block, and what each cost. */
interface Block {
  readonly perSecond: number;
  readonly cpuMsPerPage: number;
}

/** A page takes about a second, and time enough for this many rounds passes only on a machine that has nothing else to do. */
const pagesPerBlock = 6 * replicas;
const budgetMs = { quick: 8_000, full: 50_000 };
const maxRounds = 8;

/** Reading the same pages through the server, and by the same number of processes that call the model's `run()`. */
export async function saturation({ quick, modelFolder }: Settings): Promise<Report> {
  await using server = await startServer({ models: 'ocr', modelFolder });
  await server.ready();
  await using processes = await startDirect(directOcr(modelFolder), replicas);
  await serve(server, 2 * replicas);
  await drive(processes, 2 * replicas);

  const served: Block[] = [];
  const direct: Block[] = [];
  const until = performance.now() + budgetMs[quick ? 'quick' : 'full'];
  do {
    served.push(await serve(server, pagesPerBlock));
    direct.push(await drive(processes, pagesPerBlock));
  } while (served.length < maxRounds && performance.now() < until);
  const ratios = served.map(({ perSecond }, round) => perSecond / (direct[round]?.perSecond ?? 0));
  const cpu = (blocks: readonly Block[]): number => median(blocks.map((block) => block.cpuMsPerPage));
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
      `${ratios.length} rounds of ${pagesPerBlock} pages each way, in turn. Ratios of the rounds: ${ratios.map(short).join(', ')}.`,
    ],
  };
}

async function serve({ url, pid }: ServerProcess, pages: number): Promise<Block> {
  const before = await serverUsage(pid);
  const load = { url, ...ocrLoad, clients: saturatingClients, count: pages, seconds: 60 };
  const { outcomes, complaints, good, seconds } = await closedLoop(load);
  const after = await serverUsage(pid);
  if (good !== pages) throw new Error(`${JSON.stringify(outcomes)} ${complaints.join()}`);
  return {
    perSecond: pages / seconds,
    cpuMsPerPage: (after.total.cpuMs - before.total.cpuMs) / pages,
  };
}

async function drive(processes: DirectProcesses, pages: number): Promise<Block> {
  const before = await processes.cpuMs();
  const startedAt = performance.now();
  await processes.run(pages, 1);
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await processes.cpuMs();
  return { perSecond: pages / seconds, cpuMsPerPage: (after - before) / pages };
}
