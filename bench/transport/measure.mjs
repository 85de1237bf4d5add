import { cpus, loadavg, release } from 'node:os';
import { runBlock } from './block.mjs';
import { startEngine } from './engine-handle.mjs';
import { measureKills } from './kill.mjs';
import { measureOrphans } from './orphan.mjs';
import { printBare, printBusy, printKills, printOrphans } from './report.mjs';
import { megabyte, payloads, transports } from './settings.mjs';

const quick = process.argv.includes('--quick');
const stages = [
  {
    busyMs: 0,
    budget: quick ? 4000 : 50_000,
    calls: (/** @type {number} */ full) => (quick ? Math.ceil(full / 2) : full),
  },
  { busyMs: 5, budget: quick ? 1000 : 30_000, calls: () => (quick ? 5 : 20) },
  { busyMs: 100, budget: quick ? 1000 : 62_000, calls: () => (quick ? 2 : 4) },
];

const engines = new Map(transports.map((transport) => [transport, startEngine(transport)]));
const filled = payloads.map(({ bytes }) => Buffer.alloc(bytes, 'portico'));

/** @param {number} busyMs @param {(full: number) => number} calls */
async function runRound(busyMs, calls) {
  const blocks = [];
  for (const [index, { label, callsPerBlock }] of payloads.entries()) {
    const payload = /** @type {Buffer} */ (filled[index]);
    for (const depth of [1, 2]) {
      for (const [transport, engine] of engines) {
        // A third of a second per call in every stage would only take time from the others.
        if (busyMs > 0 && transport === 'ipc json base64' && payload.length > 2 * megabyte) continue;
        const block = await runBlock(engine, { payload, calls: calls(callsPerBlock), depth, busyMs });
        blocks.push({ transport, label, depth, busyMs, ...block });
      }
    }
  }
  return blocks;
}

/** @param {string} when */
function printLoad(when) {
  console.log(
    `Load average ${when}: ${loadavg()
      .map((value) => value.toFixed(1))
      .join(', ')}.`,
  );
}

const startedAt = performance.now();
console.log(
  `${cpus().length} × ${cpus()[0]?.model.trim()}, ${process.platform} ${release()} ${process.arch}, Node ${process.version}.`,
);
printLoad('before');

await runRound(0, () => 3);
/** @type {Awaited<ReturnType<typeof runRound>>} */
const blocks = [];
for (const { busyMs, budget, calls } of stages) {
  const stageStartedAt = performance.now();
  let rounds = 0;
  let roundMs = 0;
  // A round that would not fit is not started, so that the whole run stays bounded on a slow machine.
  do {
    const roundStartedAt = performance.now();
    blocks.push(...(await runRound(busyMs, calls)));
    roundMs = performance.now() - roundStartedAt;
    rounds += 1;
  } while (performance.now() - stageStartedAt + roundMs < budget);
  const title = busyMs === 0 ? 'An engine that answers at once' : `A run of ${busyMs} ms`;
  console.log(`\n## ${title} (${rounds} interleaved rounds)\n`);
  const stageBlocks = blocks.filter((block) => block.busyMs === busyMs);
  if (busyMs === 0) printBare(stageBlocks);
  else printBusy(stageBlocks);
}
for (const { child } of engines.values()) child.kill('SIGKILL');

console.log('\n## SIGKILL with a 20 MB frame on its way (socketpair)\n');
printKills(await measureKills(quick ? 3 : 25));
console.log('## SIGKILL of the gateway while the engine runs\n');
printOrphans(await measureOrphans(quick ? 1 : 10));
printLoad('after');
console.log(`Took ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`);
