import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import type { Device, DeviceCheck } from '@portico/schemas';
import { z } from 'zod';
import type { Session } from '../model/session.ts';
import { Tensor } from '../model/tensor.ts';
import { compareOutputs } from './compare-outputs.ts';
import { type MemoryPlace, recall, remember } from './remembered.ts';

/** Runs that are recorded of each session: the inputs of a warm-up, and those of the first rows that are tried together. */
const maxRuns = 4;
/** Bytes of all recorded inputs and outputs. What is beyond is not compared. */
const maxRecordedBytes = 128 * 1024 * 1024;
/** A second copy of larger weights in the engine's own memory could take it over its limit. */
const maxWeightsBytes = 1024 ** 3;
/** No further run on the CPU begins after that. */
const budgetMs = 30_000;

/** Version of the rule: results of other versions are checked again. */
const ruleVersion = 1;

type Feeds = Readonly<Record<string, Tensor>>;

interface RecordedRun {
  readonly path: string;
  readonly feeds: Feeds;
  readonly outputs: Feeds;
}

/** Keeps what goes into the sessions of a device while it warms up, and what comes out. */
export class RunRecorder {
  readonly runs: RecordedRun[] = [];
  #bytes = 0;
  #stopped = false;

  /** The warm-up is over; requests are not recorded. */
  stop(): void {
    this.#stopped = true;
  }

  /** The same runs, recorded. */
  recording(path: string, run: Session['run']): Session['run'] {
    let recorded = 0;
    return async (feeds) => {
      if (this.#stopped || recorded === maxRuns) return run(feeds);
      // A model may use its arrays again.
      const before = this.#copy(feeds);
      const outputs = await run(feeds);
      const after = before && this.#copy(outputs);
      if (before !== undefined && after !== undefined) {
        recorded += 1;
        this.runs.push({ path, feeds: before, outputs: after });
      }
      return outputs;
    };
  }

  #copy(tensors: Feeds): Feeds | undefined {
    const all = Object.entries(tensors);
    this.#bytes += all.reduce((sum, [, { data }]) => sum + (ArrayBuffer.isView(data) ? data.byteLength : 0), 0);
    if (this.#bytes > maxRecordedBytes) return undefined;
    return Object.fromEntries(all.map(([name, { type, data, dims }]) => [name, new Tensor(type, data.slice(), dims)]));
  }
}

const Finding = z.discriminatedUnion('result', [
  z.object({ result: z.literal('agrees'), difference: z.number(), runs: z.int() }),
  z.object({ result: z.literal('differs'), detail: z.string() }),
  z.object({ result: z.literal('skipped'), detail: z.string() }),
]);
type Finding = z.infer<typeof Finding>;

export interface CheckedModel {
  readonly cacheDirectory: string;
  readonly device: Device;
  readonly index: number;
  readonly checksums: Readonly<Record<string, string>>;
  readonly onnxruntimeVersion: string;
}

/** Whether a device computes the same as the CPU: found out once for a model on a machine, while it warms up. */
export class DeviceChecker {
  /** What was found out before. */
  readonly known: Finding | undefined;
  /** For the sessions that warm up; undefined where nothing has to be found out. */
  readonly recorder: RunRecorder | undefined;
  readonly #place: MemoryPlace;

  private constructor(place: MemoryPlace, known: Finding | undefined) {
    this.#place = place;
    this.known = known;
    this.recorder = known === undefined ? new RunRecorder() : undefined;
  }

  static async recall({ cacheDirectory, ...model }: CheckedModel): Promise<DeviceChecker> {
    const { device, index, checksums, onnxruntimeVersion } = model;
    const identity = [ruleVersion, Object.values(checksums), device, index, onnxruntimeVersion, machineIdentity()];
    const place: MemoryPlace = { cacheDirectory, folder: 'device-checks', identity };
    return new DeviceChecker(place, await recall(place, Finding));
  }

  /** After the warm-up. */
  async finding(weightPaths: readonly string[], loadOnCpu: LoadOnCpu): Promise<Finding> {
    if (this.recorder === undefined || this.known !== undefined) return this.known as Finding;
    this.recorder.stop();
    const finding = await checkRuns(this.recorder.runs, weightPaths, loadOnCpu);
    await remember(this.#place, finding);
    return finding;
  }
}

/** The GPUs and the driver, where the system says; several machines may share the folder. */
function machineIdentity(): string {
  try {
    const gpus = readdirSync('/proc/driver/nvidia/gpus').map((gpu) =>
      readFileSync(`/proc/driver/nvidia/gpus/${gpu}/information`, 'utf8')
        .match(/^Model:.*$/m)
        ?.join(),
    );
    const driver = readFileSync('/proc/driver/nvidia/version', 'utf8');
    return createHash('sha256')
      .update(JSON.stringify([gpus, driver]))
      .digest('hex');
  } catch {
    return hostname();
  }
}

/** Loads a file on the CPU, for a moment. */
export type LoadOnCpu = (path: string) => Promise<{ readonly run: Session['run']; release(): Promise<void> }>;

/** Runs on the CPU what was recorded on the device, one file at a time, so that at most one is loaded twice. */
export async function checkRuns(
  runs: readonly RecordedRun[],
  weightPaths: readonly string[],
  loadOnCpu: LoadOnCpu,
  now: () => number = () => performance.now(),
): Promise<Finding> {
  if (runs.length === 0) return skipped('the warm-up ran nothing that could be compared');
  const weightsBytes = weightPaths.reduce((sum, path) => sum + statSync(path).size, 0);
  if (weightsBytes > maxWeightsBytes)
    return skipped(`the weights have ${weightsBytes} bytes; more than ${maxWeightsBytes} are not compared`);
  const until = now() + budgetMs;
  const agreed = { difference: 0, runs: 0 };
  for (const path of new Set(runs.map((run) => run.path))) {
    if (now() >= until) break;
    const session = await loadOnCpu(path).catch((error: unknown) =>
      skipped(`the CPU cannot load it: ${String(error)}`),
    );
    if ('result' in session) return session;
    try {
      for (const { feeds, outputs } of runs.filter((run) => run.path === path)) {
        if (now() >= until) break;
        const expected = await session.run(feeds);
        const { difference, mismatch } = compareOutputs(expected, outputs);
        if (mismatch !== undefined) {
          const again = compareOutputs(expected, await session.run(feeds));
          if (again.mismatch !== undefined) return skipped(`${basename(path)} gives different outputs at each run`);
          return { result: 'differs', detail: `${basename(path)}: ${mismatch}` };
        }
        agreed.difference = Math.max(agreed.difference, difference);
        agreed.runs += 1;
      }
    } catch (error) {
      return skipped(`the CPU cannot run it: ${String(error)}`);
    } finally {
      await session.release();
    }
  }
  return agreed.runs === 0 ? skipped('the CPU took too long') : { result: 'agrees', ...agreed };
}

const skipped = (detail: string): Extract<Finding, { result: 'skipped' }> => ({ result: 'skipped', detail });

/** What `GET /models` says of it. A device that differs is not used, and is among those that are refused. */
export const deviceCheckOf = (finding: Finding): DeviceCheck | undefined => {
  if (finding.result === 'differs') return undefined;
  if (finding.result === 'skipped') return { result: 'skipped', difference: null, detail: finding.detail };
  const { difference, runs } = finding;
  const detail = `${runs} ${runs === 1 ? 'run' : 'runs'} of the warm-up agree with the CPU`;
  return { result: 'agrees', difference, detail };
};
