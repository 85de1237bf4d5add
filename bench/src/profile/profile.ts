import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bounded, type Report, short } from '../report.ts';
import { type Block, measureBlock, type Target, warmUp } from '../blocks/block.ts';
import { type Generator, manyConnections, startGenerator } from '../blocks/generator.ts';
import { startDigitsRuns } from '../direct/digits-runs.ts';
import { binaryTensors, formUpload, healthRequest, jsonPicture, jsonTensors, trpcUpload } from '../requests.ts';
import { type ServerProcess, startServer } from '../server-process.ts';
import type { Settings } from '../settings.ts';
import { attribute, type Attribution, type CpuProfile } from './attribute.ts';
import type { ProfileCommand } from './profiler.ts';
import { type Stage, stages } from './stages.ts';

/** Upper bounds of the gateway's milliseconds of CPU a request, where there are some. */
const bounds: Readonly<Record<string, number>> = {
  '/v2 binary': 0.12,
  '/v2 JSON': 0.18,
  'REST form, 100 kB': 0.6,
  'tRPC, 100 kB': 1,
};
/** What an engine may take beyond the run itself. */
const engineBoundMs = 0.05;
const shownOthers = 5;

interface Profiled {
  readonly block: Block;
  readonly attribution: Attribution;
}

/** What the gateway spends its CPU time on, by stage, for each protocol; and the CPU time of gateway and engines in total. */
export async function profile(settings: Settings): Promise<readonly Report[]> {
  const { quick, modelFolder } = settings;
  await using generator = startGenerator();
  await using runs = startDigitsRuns(modelFolder);
  const { scores, cpuMs: runMs } = await runs.measure(quick ? 2_000 : 10_000);
  const requests = {
    '/v2 binary': binaryTensors(scores),
    '/v2 JSON': jsonTensors(scores),
    'REST JSON': jsonPicture(scores, { path: '/digits', input: 'input' }),
    'REST form, 100 kB': formUpload(),
    'tRPC, 100 kB': trpcUpload(),
    '/health': healthRequest,
  };
  const profiled = new Map<string, Profiled>();
  // Each with a server of its own: what V8 has optimized for one protocol is not that of another.
  for (const [name, request] of Object.entries(requests)) {
    await using server = await startServer({
      models: 'digits,weigh',
      modelFolder,
      environment: { MODEL_REPOSITORY: `digitsFile=${join(modelFolder, 'digits.onnx')}` },
      nodeFlags: ['--import', new URL('./profiler.js', import.meta.url).href],
      channel: true,
    });
    await server.ready();
    const target = { name, request, port: server.port, pid: server.pid };
    profiled.set(name, await measure(generator, server, target, settings));
  }
  return [stageReport(profiled), costReport(profiled, runMs), otherReport(profiled)];
}

/** Measures the cost first, without a profiler, which costs too; then attributes it. */
async function measure(
  generator: Generator,
  server: ServerProcess,
  target: Target,
  { quick, modelFolder }: Settings,
): Promise<Profiled> {
  await warmUp(generator, target);
  const blocks: Block[] = [];
  while (blocks.length < (quick ? 1 : 3)) blocks.push(await measureBlock(generator, target, quick ? 2 : 4));
  const cheapest = blocks.toSorted((one, other) => one.gatewayCpu - other.gatewayCpu)[0]!;
  const seconds = quick ? 2 : 5;
  const path = join(modelFolder, 'gateway.cpuprofile');
  const written = once(server.child, 'message');
  // It ends before the load does.
  server.child.send({ seconds, path } satisfies ProfileCommand);
  await measureBlock(generator, target, seconds + 0.5);
  await written;
  const attribution = attribute(JSON.parse(readFileSync(path, 'utf8')) as CpuProfile);
  return { block: cheapest, attribution };
}

/** Microseconds of the gateway's CPU a request: shares of the profile, of what the gateway uses without a profiler. */
function stageReport(profiled: ReadonlyMap<string, Profiled>): Report {
  const all = [...profiled.values()];
  const row = (stage: Stage): string[] => [
    stage,
    ...all.map(({ block, attribution }) =>
      ((attribution.shares.get(stage) ?? 0) * block.gatewayCpu * 1_000).toFixed(0),
    ),
  ];
  return {
    title: 'The gateway by stage, µs of CPU a request',
    header: ['stage', ...profiled.keys()],
    rows: [
      ...stages.filter((stage) => stage !== 'idle').map(row),
      ['all', ...all.map(({ block }) => (block.gatewayCpu * 1_000).toFixed(0))],
    ],
    notes: [
      `${manyConnections} connections. “All” is what the kernel counts for the process while no profiler runs; the profile attributes it.`,
    ],
  };
}

/** What the kernel counts for the gateway and its engines. */
function costReport(profiled: ReadonlyMap<string, Profiled>, runMs: number): Report {
  return {
    title: 'CPU a request',
    header: ['request', 'per s', 'p50 ms', 'p99', 'gateway ms', 'must be', 'is it', 'engines ms', 'must be', 'is it'],
    rows: [...profiled].map(([name, { block }]) => [
      name,
      ...[block.perSecond, block.p50, block.p99].map(short),
      ...judged(block.gatewayCpu, bounds[name]),
      // The engine of an upload runs nothing, and its rows are in JSON.
      ...judged(block.enginesCpu, name.startsWith('/v2') ? Number((runMs + engineBoundMs).toFixed(3)) : undefined),
    ]),
    notes: [`A run of the model alone takes ${short(runMs)} ms of CPU.`],
  };
}

const judged = (value: number, max: number | undefined): string[] =>
  max === undefined ? [short(value), '', ''] : bounded(value, { max });

/** The largest functions that no rule maps. */
const otherReport = (profiled: ReadonlyMap<string, Profiled>): Report => ({
  title: 'Functions of no stage',
  header: ['request', 'µs a request'],
  rows: [...profiled].map(([name, { block, attribution }]) => [
    name,
    attribution.unmapped
      .slice(0, shownOthers)
      .map(({ frame, share }) => `${frame}: ${(share * block.gatewayCpu * 1_000).toFixed(1)}`)
      .join('; '),
  ]),
});
