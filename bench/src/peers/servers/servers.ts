import { join } from 'node:path';
import { type Block, measureBlock, medianBlock, warmUp } from '../../blocks/block.ts';
import { manyConnections, startGenerator } from '../../blocks/generator.ts';
import { startDigitsRuns } from '../../direct/digits-runs.ts';
import { bounded, megabytes, median, type Report, short } from '../../report.ts';
import { binaryTensors, jsonTensors, type SocketRequest } from '../../requests.ts';
import { startServer } from '../../server-process.ts';
import { replicas, type Settings } from '../../settings.ts';
import { type PythonEnvironment, pythonEnvironment } from '../python-environment.ts';
import { type Peer, digitsPeers, programFolder } from './digits-peers.ts';
import { embeddingContestants, findMiniLm } from './embeddings.ts';
import { startPeer } from './peer-process.ts';
import { type Contest, type Contestant, contestKey, takeTurns } from './turns.ts';

const portico = 'Portico';

/** Portico's rate divided by that of another, the best of several settings. */
interface Ratio {
  readonly kind: 'binary' | 'JSON';
  readonly others: readonly string[];
  readonly min: number;
}

const ratios: readonly Ratio[] = [
  { kind: 'binary', others: ['bare, isolated'], min: 0.5 },
  { kind: 'binary', others: [`FastAPI, ${replicas} workers`], min: 1.1 },
  { kind: 'binary', others: ['FastAPI, 1 worker'], min: 3 },
  { kind: 'JSON', others: [`FastAPI, ${replicas} workers`], min: 1.4 },
  { kind: 'JSON', others: ['LitServe, 1 worker', `LitServe, ${replicas} workers`], min: 6 },
  { kind: 'JSON', others: ['mosec, 1 worker', `mosec, ${replicas} workers`], min: 1.6 },
];

/**
 * The same file behind Portico and other servers: the same numbers from the same connections, in turns; and sentences for
 * MiniLM behind Portico and other libraries. Arguments choose some of the others.
 */
export async function servers(settings: Settings): Promise<readonly Report[]> {
  const isChosen = (word: string): boolean => settings.args.length === 0 || settings.args.includes(word);
  const environment = await pythonEnvironment(join(programFolder, 'requirements.txt'));
  const reports = await compareDigits(settings, environment, isChosen);
  return isChosen('embeddings') ? [...reports, await compareEmbeddings(settings, environment)] : reports;
}

async function compareDigits(
  { quick, modelFolder }: Settings,
  environment: PythonEnvironment,
  isChosen: (word: string) => boolean,
): Promise<readonly Report[]> {
  const path = join(modelFolder, 'digits.onnx');
  const { scores } = await expectedScores(modelFolder);
  const peers = digitsPeers(environment, path, scores).filter(({ word }) => isChosen(word));
  if (peers.length === 0) return [];
  const own: Contestant = {
    name: portico,
    requests: { binary: binaryTensors(scores), JSON: jsonTensors(scores) },
    start: async () => {
      const environment = { MODEL_REPOSITORY: `digitsFile=${path}` };
      const server = await startServer({ models: '', modelFolder, environment });
      return { ...server, waitUntilReady: () => server.ready() };
    },
  };
  const contestants = [own, ...peers.map(contestantOf)];
  const contest = await takeTurns(contestants, roundsOf(quick));
  return [
    figuresReport('Servers of the same file, in turns', contestants, contest),
    ratiosReport(contest),
    await latencyReport(modelFolder, own),
  ];
}

async function compareEmbeddings({ quick, modelFolder }: Settings, environment: PythonEnvironment): Promise<Report> {
  const miniLm = findMiniLm();
  const title = 'A sentence a request, MiniLM, in turns';
  if ('missing' in miniLm || 'missing' in environment) {
    const why = 'missing' in miniLm ? miniLm.missing : 'missing' in environment ? environment.missing : '';
    return { title: `${title}: skipped`, header: ['why'], rows: [[why]] };
  }
  const contestants = embeddingContestants(miniLm, environment, modelFolder);
  return figuresReport(title, contestants, await takeTurns(contestants, roundsOf(quick)));
}

const roundsOf = (quick: boolean) => (quick ? { rounds: 1, seconds: 1.5 } : { rounds: 3, seconds: 4 });

/** What one client waits for beyond the run itself. */
async function latencyReport(modelFolder: string, { start, requests }: Contestant): Promise<Report> {
  await using generator = startGenerator();
  await using runs = startDigitsRuns(modelFolder);
  await using server = await start();
  const [request] = Object.values(requests) as [SocketRequest];
  await server.waitUntilReady(generator, request);
  const target = { ...server, name: portico, request, connections: 1 };
  await warmUp(generator, { ...target, connections: manyConnections });
  await runs.measure(1_000);
  const added: number[] = [];
  const medians: number[][] = [[], []];
  for (let round = 0; round < 5; round += 1) {
    const { p50 } = await measureBlock(generator, target, 1);
    const { medianMs } = await runs.measure(2_000);
    medians[0]?.push(p50);
    medians[1]?.push(medianMs);
    added.push(p50 - medianMs);
  }
  const [client = 0, run = 0] = medians.map(median);
  return {
    title: 'Latency of a single client, /v2 binary',
    header: ['p50 ms', 'of the run alone', 'added', 'must be', 'is it'],
    rows: [[short(client), short(run), ...bounded(median(added), { max: 0.4 })]],
  };
}

async function expectedScores(modelFolder: string) {
  await using runs = startDigitsRuns(modelFolder);
  return await runs.measure(1);
}

function contestantOf({ name, start, binary, json }: Peer): Contestant {
  return {
    name,
    requests: { ...(binary && { binary }), ...(json && { JSON: json }) },
    start: async () => {
      if ('missing' in start) throw new Error(start.missing);
      return startPeer(start);
    },
  };
}

function figuresReport(title: string, contestants: readonly Contestant[], contest: Contest): Report {
  const rows = contestants.flatMap(({ name, requests }) =>
    Object.keys(requests).flatMap((kind) => {
      const blocks = contest.blocks.get(contestKey(name, kind)) ?? [];
      return blocks.length === 0 ? [] : [[name, kind, ...figures(blocks)]];
    }),
  );
  return {
    title,
    header: ['server', 'request', 'per s', 'p50 ms', 'p99', 'CPU ms per request', 'PSS MB'],
    rows,
    notes: [
      `${manyConnections} connections; medians of the rounds. CPU and PSS are of all processes of a server.`,
      ...[...contest.failures].map(([name, reason]) => `${name} was left out: ${reason}.`),
    ],
  };
}

function figures(blocks: readonly Block[]): string[] {
  const { perSecond, p50, p99, totalCpu, memory } = medianBlock(blocks);
  return [...[perSecond, p50, p99, totalCpu].map(short), megabytes(memory)];
}

function ratiosReport({ blocks }: Contest): Report {
  return {
    title: "Portico's requests a second divided by those of others, medians of the rounds",
    header: ['request', 'divided by', 'ratio', 'must be', 'is it', 'of each round'],
    rows: ratios.flatMap(({ kind, others, min }) => {
      const own = blocks.get(contestKey(portico, kind)) ?? [];
      const rates = others.map((name) => blocks.get(contestKey(name, kind)) ?? []);
      const byRound = own.flatMap(({ perSecond }, round) => {
        const best = Math.max(...rates.map((rate) => rate[round]?.perSecond ?? 0));
        return best > 0 ? [perSecond / best] : [];
      });
      if (byRound.length === 0) return [];
      const name = others.length === 1 ? others[0]! : `the better of ${others.join(' and ')}`;
      return [[kind, name, ...bounded(median(byRound), { min }), byRound.map(short).join(', ')]];
    }),
  };
}
