import { closedLoop } from '@portico/measure/load/closed-loop';
import { HttpClient, type LoadRequest, type LoadResponse } from '@portico/measure/load/http-client';
import { cpuBetween, serverUsage } from '@portico/measure/server-usage';
import { bounded, median, type Report, short } from './report.ts';
import { ifSuccessful } from './loads.ts';
import { maxBatchVariable } from './models/tasks.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import type { Settings } from './settings.ts';

const clients = 32;
/** The rate compared with one client's, and how far a vector may be from the one that the text has alone. */
const bounds = { gain: { min: 2.5 }, difference: { max: 1e-5 } } as const;
const compared = 64;

/** Words of a sentence, each a token of its own for encoders of English; two more begin and end it. */
const lengths: Readonly<Record<string, readonly [fewest: number, most: number]>> = {
  '4 words': [4, 4],
  '10 words': [10, 10],
  '20 words': [20, 20],
  '2 to 30 words': [2, 30],
};
const words = 'the old captain sells a green house by the quiet river and music fills every window in town'.split(' ');

/** Embeddings of one sentence a request: many clients compared with a single one, and with runs of one input. */
export async function batching({ quick, modelFolder, args: [folder] }: Settings): Promise<Report> {
  const weights = folder ?? process.env['EMBED_WEIGHTS'];
  if (weights === undefined)
    throw new Error('Name a folder with weights as in docs/embed.md: bench -- batching FOLDER');
  const environment = { EMBED_WEIGHTS: weights };
  // The bench's own server: the shipped one has no setting for the inputs of a run.
  const options = { models: 'embed', modelFolder, main: new URL('./server.js', import.meta.url) };
  await using server = await startServer({ ...options, environment });
  await using single = await startServer({ ...options, environment: { ...environment, [maxBatchVariable]: '1' } });
  await Promise.all([server.ready(), single.ready()]);
  const rows: string[][] = [];
  for (const [name, range] of Object.entries(lengths)) {
    const rounds: Load[][] = [];
    while (rounds.length < (quick ? 1 : 3)) {
      const seconds = quick ? 1.5 : 4;
      rounds.push([
        await load(server, 1, range, seconds),
        await load(single, clients, range, seconds),
        await load(server, clients, range, seconds),
      ]);
    }
    rows.push(...rowsOf(name, rounds));
  }
  const difference = await largestDifference(server);
  return {
    title: 'Embeddings of one sentence a request: what batching gains',
    header: [
      'sentences',
      'load',
      'per s',
      'p50 ms',
      'engine CPU ms',
      'gateway CPU ms',
      'all ÷ this',
      'must be',
      'is it',
    ],
    rows,
    notes: [
      `Medians of ${quick ? 1 : 3} rounds. The largest difference between a vector among ${clients} clients and the same text's vector` +
        ` alone, of ${compared} texts: ${bounded(difference, bounds.difference).join(', ')}.`,
    ],
  };
}

interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly engineMs: number;
  readonly gatewayMs: number;
}

async function load(
  { url, pid }: ServerProcess,
  clients: number,
  range: readonly [number, number],
  seconds: number,
): Promise<Load> {
  const options = { url, clients, request: (turn: number) => requestOf([sentence(turn, range)]), check };
  await closedLoop({ ...options, seconds: 0.5 });
  const before = await serverUsage(pid);
  const { goodPerSecond, good, latency, complaints } = await closedLoop({ ...options, seconds });
  const cpu = cpuBetween(before, await serverUsage(pid));
  if (complaints[0] !== undefined || good === 0) throw new Error(`no embeddings: ${complaints[0] ?? 'no response'}`);
  return { perSecond: goodPerSecond, p50: latency.p50, engineMs: cpu.engines / good, gatewayMs: cpu.gateway / good };
}

/** A row for each load, with what all clients together gain over it. Ratios are taken within a round, whose loads follow each other. */
function rowsOf(name: string, rounds: readonly (readonly Load[])[]): string[][] {
  const loads = ['one client', `${clients} clients, runs of one input`, `${clients} clients`];
  return loads.map((loadName, index) => {
    const each = rounds.map((round) => round[index]!);
    const gain = median(rounds.map((round) => round.at(-1)!.perSecond / round[index]!.perSecond));
    const figures = (['perSecond', 'p50', 'engineMs', 'gatewayMs'] as const).map((figure) =>
      short(median(each.map((load) => load[figure]))),
    );
    const gains = index === 0 ? bounded(gain, bounds.gain) : [short(gain), '', ''];
    return [name, loadName, ...figures, ...(index === loads.length - 1 ? ['', '', ''] : gains)];
  });
}

/** Between the vectors of texts of all lengths, sent one by one and all at once. */
async function largestDifference({ url }: ServerProcess): Promise<number> {
  const client = new HttpClient({ url, maxConnections: clients, timeoutMs: 10_000 });
  const texts = Array.from({ length: compared }, (_, turn) => sentence(turn, [1, 60]));
  const embed = async (text: string): Promise<readonly number[]> => vectorOf(await client.send(requestOf([text])));
  const alone: (readonly number[])[] = [];
  for (const text of texts) alone.push(await embed(text));
  const together = await Promise.all(texts.map(embed));
  client.close();
  return Math.max(
    ...together.flatMap((vector, index) => vector.map((value, axis) => Math.abs(value - alone[index]![axis]!))),
  );
}

function sentence(turn: number, [fewest, most]: readonly [number, number]): string {
  // Primes, so that neighbours differ in length and words.
  const length = fewest + ((turn * 17) % (most - fewest + 1));
  return Array.from({ length }, (_, place) => words[(turn * 7 + place * (1 + (turn % 5))) % words.length]).join(' ');
}

const requestOf = (texts: readonly string[]): LoadRequest => ({
  path: '/embed',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ input: { texts } })),
});

const vectorOf = ({ body }: Pick<LoadResponse, 'body'>): readonly number[] =>
  (JSON.parse(body.toString()) as { embeddings?: number[][] }).embeddings?.[0] ?? [];

const check = ifSuccessful((response) => (vectorOf(response).length > 0 ? undefined : 'no vector'));
