import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ModelDescription } from '@portico/schemas';
import { batching } from './batching.ts';
import { ceiling } from './ceiling.ts';
import { gate } from './gate/gate.ts';
import { health } from './health/health.ts';
import { idle } from './idle.ts';
import { memory } from './memory.ts';
import { writeDenseFile } from './models/dense-file.ts';
import { mediumShape, tinyShape } from './models/tasks.ts';
import { overhead } from './overhead.ts';
import { writeDigitsFile } from './models/digits-file.ts';
import { profile } from './profile/profile.ts';
import { rapidocr } from './peers/rapidocr/rapidocr.ts';
import { servers } from './peers/servers/servers.ts';
import { formatReport, type Report } from './report.ts';
import { saturation } from './saturation.ts';
import { sdk } from './sdk.ts';
import { startServer } from './server-process.ts';
import type { Settings } from './settings.ts';
import { sizing } from './sizing.ts';
import { startup } from './startup.ts';
import { throughput } from './throughput.ts';

const gibibyte = 1024 ** 3;

type Measurement = (settings: Settings) => Promise<Report | readonly Report[]>;

const measurements: Readonly<Record<string, Measurement>> = {
  throughput,
  overhead,
  health,
  saturation,
  memory,
  idle,
  startup,
  sdk,
};
/** Run only when named, one at a time; arguments may follow the name. */
const comparisons: Readonly<Record<string, Measurement>> = {
  batching,
  sizing,
  profile,
  peers: servers,
  ceiling,
  gate,
  rapidocr,
};
const all: Readonly<Record<string, Measurement>> = { ...measurements, ...comparisons };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const comparison = positionals.findIndex((name) => Object.hasOwn(comparisons, name));
const named = comparison < 0 ? positionals : positionals.slice(0, comparison + 1);
const args = comparison < 0 ? [] : positionals.slice(comparison + 1);
const chosen = named.length === 0 ? Object.keys(measurements) : named;
const unknown = chosen.filter((name) => !Object.hasOwn(all, name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}; choose from ${Object.keys(all).join(', ')} [--quick].`);
  process.exit(1);
}

const modelFolder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
process.once('exit', () => rmSync(modelFolder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const startedAt = performance.now();
console.log(describeMachine());
writeDenseFile(join(modelFolder, 'tiny.onnx'), tinyShape);
writeDigitsFile(join(modelFolder, 'digits.onnx'));
if (chosen.includes('throughput')) writeDenseFile(join(modelFolder, 'medium.onnx'), mediumShape);
console.log(`${await describeVersions(modelFolder)}\n`);
for (const name of chosen) {
  try {
    const reports = await all[name]?.({ quick: values.quick, modelFolder, args });
    for (const report of [reports ?? []].flat()) {
      console.log(formatReport(report));
      if (report.isFailure) process.exitCode = 1;
    }
  } catch (error) {
    // A missed bound is a figure; a measurement that could not be made is a failure, and the others go on.
    console.error(`${name} could not be measured: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  }
}
console.log(`${describeMachine()} Took ${((performance.now() - startedAt) / 1_000).toFixed(0)} s.`);

/** One line about the machine and its load: figures of a busy one say little. */
function describeMachine(): string {
  const load = loadavg().map((value) => value.toFixed(2));
  return (
    `${availableParallelism()} × ${cpus()[0]?.model.trim()}, ${(totalmem() / gibibyte).toFixed(0)} GB, ` +
    `${process.platform} ${release()} ${process.arch}; load average ${load.join(', ')}.`
  );
}

/** The versions that a server reports of itself. */
async function describeVersions(modelFolder: string): Promise<string> {
  await using server = await startServer({ models: 'tiny', modelFolder, environment: { REPLICAS: '1' } });
  await server.ready();
  const [model] = (await server.models()) as readonly [ModelDescription];
  return `Node ${process.versions.node}, Portico ${model.versions.portico}, ONNX Runtime ${model.versions.onnxruntime} on ${model.device}.`;
}
