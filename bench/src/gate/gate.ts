import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Block, measureBlock, medianBlock, type Target, warmUp } from '../blocks/block.ts';
import { type Generator, startGenerator } from '../blocks/generator.ts';
import { startDigitsRuns } from '../direct/digits-runs.ts';
import { median, type Report, short } from '../report.ts';
import { binaryTensors, formUpload, healthRequest, jsonTensors, type SocketRequest } from '../requests.ts';
import { type ServerProcess, startServer } from '../server-process.ts';
import { repositoryRoot, type Settings } from '../settings.ts';
import { buildCommit, findBaseline } from './baseline.ts';
import { judge, medianInterval, type Verdict } from './interval.ts';

/** The loss that fails: a tenth more CPU a request, or a tenth fewer requests a second. */
const maxRatio = 1.1;
const seconds = 1.5;
const rounds = { min: 6, max: 20 };

const measures = {
  'CPU ms per request': { of: (block: Block) => block.totalCpu, moreIsWorse: true },
  'requests per s': { of: (block: Block) => block.perSecond, moreIsWorse: false },
} as const;
type Measure = keyof typeof measures;

/** The working tree and another commit, with the same request. */
interface Pair {
  readonly kind: string;
  readonly before: Target;
  readonly after: Target;
  readonly blocks: { readonly before: Block; readonly after: Block }[];
}

/**
 * Fails when the working tree is slower than a commit: the one whose name follows, else the last release, else the one
 * in `bench/gate-commit`.
 */
export async function gate({ quick, modelFolder, args: [named] }: Settings): Promise<Report> {
  const baseline = findBaseline(named);
  if ('missing' in baseline) {
    const isFailure = process.env['CI'] === 'true';
    return { title: 'The gate was skipped', header: ['why'], rows: [[baseline.missing]], isFailure };
  }
  using build = buildCommit(baseline.commit);
  await using generator = startGenerator();
  const requests = await requestsOf(modelFolder);
  const servers: ServerProcess[] = [];
  try {
    const pairs: Pair[] = [];
    for (const [models, kinds] of Object.entries(requests)) {
      const before = await startTree(build.folder, models, modelFolder);
      servers.push(before);
      const after = await startTree(repositoryRoot, models, modelFolder);
      servers.push(after);
      for (const [kind, request] of Object.entries(kinds)) {
        const target = ({ port, pid }: ServerProcess, tree: string): Target => {
          return { name: `${kind}, ${tree}`, port, pid, request };
        };
        pairs.push({ kind, before: target(before, 'before'), after: target(after, 'now'), blocks: [] });
      }
    }
    await compare(generator, pairs, quick);
    return report(pairs, `${baseline.commit.slice(0, 10)}, ${baseline.origin}`);
  } finally {
    await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  }
}

/** Requests by the models of the server: the shipped one, and the bench's for a task that takes no time. */
async function requestsOf(modelFolder: string): Promise<Record<string, Record<string, SocketRequest>>> {
  await using runs = startDigitsRuns(modelFolder);
  const { scores } = await runs.measure(1);
  return {
    '': { '/v2 binary': binaryTensors(scores), '/v2 JSON': jsonTensors(scores), health: healthRequest },
    weigh: { 'REST form, 100 kB': formUpload() },
  };
}

async function startTree(folder: string, models: string, modelFolder: string): Promise<ServerProcess> {
  const main =
    models === '' ? join('apps', 'server', 'dist', 'main.js') : join('bench', 'dist', 'bench', 'src', 'server.js');
  const server = await startServer({
    models,
    modelFolder,
    main: pathToFileURL(join(folder, main)),
    environment: models === '' ? { MODEL_REPOSITORY: `digitsFile=${join(modelFolder, 'digits.onnx')}` } : {},
  });
  await server.ready();
  return server;
}

/** Round after round, in turns, until every comparison is decided or the rounds are used up. */
async function compare(generator: Generator, pairs: readonly Pair[], quick: boolean): Promise<void> {
  for (const { before, after } of pairs) for (const target of [before, after]) await warmUp(generator, target);
  const isOpen = (pair: Pair): boolean => verdictsOf(pair).includes('open');
  for (let round = 0; round < (quick ? rounds.min : rounds.max) && pairs.some(isOpen); round += 1) {
    for (const { before, after, blocks } of pairs.filter(isOpen)) {
      // The second one may find the machine warmer.
      const order = round % 2 === 0 ? [before, after] : [after, before];
      const measured = new Map<Target, Block>();
      for (const target of order) measured.set(target, await measureBlock(generator, target, seconds));
      blocks.push({ before: measured.get(before)!, after: measured.get(after)! });
    }
  }
}

const verdictsOf = (pair: Pair): Verdict[] =>
  (Object.keys(measures) as Measure[]).map((measure) => judge(medianInterval(ratiosOf(pair, measure)), maxRatio));

/** How much worse the working tree was in each round: above 1 it was worse. */
const ratiosOf = ({ blocks }: Pair, measure: Measure): number[] => {
  const { of, moreIsWorse } = measures[measure];
  return blocks.map(({ before, after }) => (moreIsWorse ? of(after) / of(before) : of(before) / of(after)));
};

function report(pairs: readonly Pair[], name: string): Report {
  const rows = pairs.flatMap((pair) =>
    (Object.keys(measures) as Measure[]).map((measure) => {
      const figure = (side: 'before' | 'after'): string =>
        short(measures[measure].of(medianBlock(pair.blocks.map((blocks) => blocks[side]))));
      const ratios = ratiosOf(pair, measure);
      const interval = medianInterval(ratios);
      const range = interval === undefined ? '' : `${short(interval.low)} to ${short(interval.high)}`;
      const verdict = judge(interval, maxRatio);
      return [
        pair.kind,
        measure,
        figure('before'),
        figure('after'),
        short(median(ratios)),
        range,
        String(ratios.length),
        verdict,
      ];
    }),
  );
  return {
    title: `The working tree against ${name}`,
    header: ['request', 'median of', 'before', 'now', 'ratio, > 1 is worse', 'at 95 %', 'rounds', 'verdict'],
    rows,
    notes: [
      `Fails where the whole interval lies above ${maxRatio}. What is still open after ${rounds.max} rounds is no failure: this machine cannot decide it.`,
    ],
    isFailure: pairs.some((pair) => verdictsOf(pair).includes('failed')),
  };
}
