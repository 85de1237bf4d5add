import { join } from 'node:path';
import { embed } from '@portico/schemas';
import { createPortico } from '@portico/sdk';
import { denseInput } from './loads.ts';
import { tinyShape, tinyTask, weighTask } from './models/tasks.ts';
import { bounded, median, quantile, type Report, short } from './report.ts';
import { startServer } from './server-process.ts';
import { repositoryRoot, type Settings } from './settings.ts';

/** Milliseconds that the client may add to a call, at the median. */
const bound = { max: 0.4 };
/** Calls of one kind in a row before the other kind has its turn. */
const perBlock = 50;
/** Calls that are made at the same moment. */
const together = 100;
/** V8 optimizes what has run some thousand times. */
const warmUpBlocks = 30;
/** As large as a photograph for the web. */
const uploadBytes = 100_000;

/** A BERT of two layers with random weights. */
const tinyBert = join(repositoryRoot, 'models/embed/testing/tiny-bert');
const tasks = { tiny: tinyTask, weigh: weighTask, embed };
const mediaType = 'audio/flac';
const json = { 'content-type': 'application/json' };

/** What the SDK adds to plain `fetch`: to single calls, and to calls that are made together. */
export async function sdk({ quick, modelFolder }: Settings): Promise<readonly Report[]> {
  // The default refuses some of a hundred requests that come at once.
  const environment = { REPLICAS: '1', EMBED_WEIGHTS: tinyBert, MAX_QUEUE: String(4 * together) };
  await using server = await startServer({ models: 'tiny,weigh,embed', modelFolder, environment });
  await server.ready();
  let requests = 0;
  const counted = (url: string, init: RequestInit): Promise<Response> => {
    requests += 1;
    return fetch(url, init);
  };
  const portico = createPortico({ url: server.url, tasks, fetch: counted });
  const post = async (path: string, headers: Record<string, string>, body: BodyInit): Promise<unknown> => {
    const response = await counted(server.url + path, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };

  const row = denseInput(tinyShape.width);
  const file = new Uint8Array(uploadBytes).fill(1);
  const weigh = (): Promise<unknown> => portico.weigh({ data: file, mediaType });
  const pairs: readonly Pair[] = [
    {
      name: 'JSON, 64 numbers',
      plain: () => post('/tiny', json, JSON.stringify({ input: row })),
      client: () => portico.tiny(row),
    },
    { name: 'a file of 100 kB; fetch sends a form', plain: () => post('/weigh', {}, formOf(file)), client: weigh },
    {
      name: 'a file of 100 kB; fetch sends its bytes',
      plain: () => post('/weigh', { 'content-type': mediaType }, file),
      client: weigh,
      isSameRequest: false,
    },
  ];
  const singles: string[][] = [];
  for (const pair of pairs) singles.push(rowOfSingles(pair, await inTurns(pair, quick ? 10 : 60)));

  const texts = Array.from({ length: together }, (_, index) => [`sentence number ${index}`]);
  const all = (send: (texts: string[]) => Promise<unknown>) => async (): Promise<unknown> =>
    Promise.all(texts.map(send));
  const embeds: Pair = {
    name: 'embed, a text each',
    plain: all((one) => post('/embed', json, JSON.stringify({ input: { texts: one } }))),
    client: all((one) => portico.embed({ texts: one })),
  };
  const counts = { plain: 0, client: 0 };
  for (const side of ['plain', 'client'] as const) {
    requests = 0;
    await embeds[side]();
    counts[side] = requests;
  }
  const times = await inTurns(embeds, quick ? 10 : 40, 1);
  return [
    {
      title: 'What the SDK adds to plain fetch (one call at a time, milliseconds)',
      header: ['call', 'fetch p50', 'p99', 'SDK p50', 'p99', 'SDK ÷ fetch', 'added at p50', 'must be', 'is it'],
      rows: singles,
      notes: [`Blocks of ${perBlock} calls in turns, in one process, over connections that are kept.`],
    },
    {
      title: `${together} calls made together (milliseconds until the last has its output)`,
      header: ['calls', 'fetch p50', 'requests', 'SDK p50', 'requests', 'SDK ÷ fetch'],
      rows: [
        [
          embeds.name,
          short(median(times.plain)),
          String(counts.plain),
          short(median(times.client)),
          String(counts.client),
          short(ratio(times)),
        ],
      ],
      notes: [`${times.client.length} rounds in turns, in one process; a BERT of two layers, one engine.`],
    },
  ];
}

function formOf(file: BlobPart): FormData {
  const form = new FormData();
  form.append('file', new Blob([file], { type: mediaType }), 'file');
  return form;
}

/** The same call by plain `fetch` and by the client. */
interface Pair {
  readonly name: string;
  readonly plain: () => Promise<unknown>;
  readonly client: () => Promise<unknown>;
  /** The client sends the same, so what it adds is its own. */
  readonly isSameRequest?: boolean;
}

interface Times {
  readonly plain: number[];
  readonly client: number[];
}

/** Milliseconds of each call, in blocks that alternate, so that other work on the machine slows both. */
async function inTurns(pair: Pair, blocks: number, callsPerBlock = perBlock): Promise<Times> {
  const times: Times = { plain: [], client: [] };
  for (let block = -warmUpBlocks; block < blocks; block += 1) {
    for (const side of ['plain', 'client'] as const) {
      for (let count = 0; count < callsPerBlock; count += 1) {
        const startedAt = performance.now();
        await pair[side]();
        if (block >= 0) times[side].push(performance.now() - startedAt);
      }
    }
  }
  return times;
}

const ratio = ({ plain, client }: Times): number => median(client) / median(plain);

function rowOfSingles({ name, isSameRequest = true }: Pair, times: Times): string[] {
  const percentiles = (values: readonly number[]): string[] =>
    [0.5, 0.99].map((share) => short(quantile(values, share)));
  const added = median(times.client) - median(times.plain);
  return [
    name,
    ...percentiles(times.plain),
    ...percentiles(times.client),
    short(ratio(times)),
    ...(isSameRequest ? bounded(added, bound) : [short(added), '', '']),
  ];
}
