import { Failure, type TensorSignature } from '@portico/schemas';
import type { EngineInput } from '../../inference.ts';
import { weightPath } from '../../model/define-model.ts';
import { packTensors, type RawTensor, type TensorParams } from '../../tensors/raw-tensor.ts';
import { explainTensors, isPassable } from '../../onnx/problems.ts';
import { isMachineFault } from '../device-errors.ts';
import type { Runner, RunnerModule, RunnerOutput } from '../runner.ts';
import { feedsOf, rawOutputs, signatureOf } from './feeds.ts';
import { areEqual, madeUpInputs, type RunTensors, tryRows, zeros } from './row-wise.ts';
import { hasRows, joinRows, rowKey, rowsOf, splitRows } from './rows.ts';

/** `TENSOR_BATCHING`: rows of several clients run together if a short trial shows that they may, if one of any length does, or never. */
export type OnnxFileVariant = 'auto' | 'on' | 'off';

/** Serves an ONNX file as it is. */
const onnxFile: RunnerModule = {
  async loadRunner({ variant, weights, openFile }) {
    const path = weightPath(weights, 'model');
    const file = await openFile(path);
    if (![...file.inputs, ...file.outputs].every(isPassable)) throw new Error(await explainTensors(path));
    const signature: TensorSignature = signatureOf(file);
    const run: RunTensors = async (inputs) => rawOutputs(await file.run(feedsOf(inputs)), signature);
    const sample = madeUpInputs(signature, { rows: 1, free: 1, values: zeros });
    // A file may refuse zeros, or lengths of 1, and be right about what clients send.
    const takesSample = await run(sample).then(
      () => true,
      () => false,
    );
    const batching = variant as OnnxFileVariant;
    const joining: Joining = { allowed: false };
    const triesRows = batching !== 'off' && takesSample && hasRows(signature);
    return {
      runner: tensorRunner(run, joining),
      sample: takesSample ? encoded(sample) : undefined,
      maxBatchSize: triesRows ? 'measured' : 1,
      trial: triesRows
        ? {
            run: (budgetMs) => tryRows(signature, run, { budgetMs: batching === 'on' ? undefined : budgetMs }),
            allow: () => void (joining.allowed = true),
          }
        : undefined,
      tensors: signature,
    };
  },
};
export default onnxFile;

const encoded = (inputs: readonly RawTensor[]): EngineInput => ({
  id: 0,
  mediaType: null,
  params: { inputs: inputs.map(({ head }) => head) },
  bytes: Buffer.concat(inputs.map(({ bytes }) => bytes)),
});

interface Request {
  readonly index: number;
  readonly inputs: readonly RawTensor[];
  /** Names of the requested outputs. @default all */
  readonly outputs: readonly string[] | undefined;
}

/** Rows and bytes of one run; a request that has more runs alone. */
const maxRows = 64;
const maxBytes = 16 * 1024 * 1024;

/** What the wire takes is four times as much. */
const maxOutputBytes = 256 * 1024 * 1024;

/** Whether requests that are alike in all but their rows run together; not any more once one has shown that it must not. */
export interface Joining {
  allowed: boolean;
}

/** Feeds an ONNX file with the tensors of requests as they are. */
export function tensorRunner(run: RunTensors, joining: Joining): Runner {
  let joinedRuns = 0;

  /** The outputs of each request, or undefined where they have to run singly: the run failed, or gave other rows. */
  async function runTogether(group: readonly Request[]): Promise<RawTensor[][] | undefined> {
    const rows = group.map(({ inputs }) => rowsOf(inputs) ?? 0);
    const outputs = await run(joinRows(group.map(({ inputs }) => inputs))).catch(() => undefined);
    const split = outputs === undefined ? undefined : splitRows(outputs, rows);
    if (split === undefined) return undefined;
    joinedRuns += 1;
    // Made-up values cannot show what clients' own do, so that now and then theirs are tried.
    if (!isPowerOfTwo(joinedRuns)) return split;
    const alone: RawTensor[][] = [];
    for (const { inputs } of group) alone.push(await run(inputs));
    if (alone.every((tensors, index) => areEqual(tensors, split[index] ?? []))) return split;
    joining.allowed = false;
    process.stderr.write(
      'Row batching is off: joined rows gave other results than single runs. Requests run one by one from now on.\n',
    );
    return alone;
  }

  async function runSingly(request: Request): Promise<RunnerOutput | Error> {
    try {
      return outputOf(request, await run(request.inputs));
    } catch (thrown) {
      return failureOfRun(thrown);
    }
  }

  return {
    async run(inputs, context) {
      const requests = inputs.map(requestOf);
      const [alone] = requests;
      if (requests.length === 1 && alone !== undefined) return [await runSingly(alone)];
      const results: (RunnerOutput | Error)[] = [];
      const runs = joining.allowed ? groups(requests) : requests.map((request) => [request]);
      for (const group of runs) {
        // Lets the engine read what has arrived during the previous run: the clients may have left.
        if (group !== runs[0]) await new Promise((turn) => setImmediate(turn));
        context.signal.throwIfAborted();
        const together = joining.allowed && group.length > 1 ? await runTogether(group) : undefined;
        for (const [place, request] of group.entries()) {
          const outputs = together?.[place];
          results[request.index] = outputs === undefined ? await runSingly(request) : outputOf(request, outputs);
        }
      }
      return results;
    },
  };
}

const isPowerOfTwo = (count: number): boolean => Number.isInteger(Math.log2(count));

/** Requests that may run together, in the order in which they came. */
function groups(requests: readonly Request[]): Request[][] {
  const made: Request[][] = [];
  const open = new Map<string, { readonly group: Request[]; rows: number; bytes: number }>();
  for (const request of requests) {
    const rows = rowsOf(request.inputs) ?? 0;
    const bytes = request.inputs.reduce((sum, { head }) => sum + head.byteLength, 0);
    const key = rowKey(request.inputs);
    const joined = open.get(key);
    if (joined !== undefined && rows > 0 && joined.rows + rows <= maxRows && joined.bytes + bytes <= maxBytes) {
      joined.group.push(request);
      joined.rows += rows;
      joined.bytes += bytes;
      continue;
    }
    const group = [request];
    made.push(group);
    // No rows at all, or different numbers of them, affect no other client.
    if (rows > 0) open.set(key, { group, rows, bytes });
  }
  return made;
}

function requestOf({ params, bytes: all }: EngineInput, index: number): Request {
  const { inputs: heads, outputs } = params as TensorParams;
  let start = 0;
  const inputs = heads.map((head) => {
    const bytes = all.subarray(start, start + head.byteLength);
    start += head.byteLength;
    return { head, bytes };
  });
  return { index, inputs, outputs };
}

function outputOf({ outputs: names }: Request, outputs: readonly RawTensor[]): RunnerOutput | Error {
  const wanted = names?.flatMap((name) => outputs.find(({ head }) => head.name === name) ?? []) ?? outputs;
  const length = wanted.reduce((sum, { head }) => sum + head.byteLength, 0);
  if (length <= maxOutputBytes) return { bytes: packTensors(wanted) };
  return new Failure('TOO_LARGE', `The output would have ${length} bytes; at most ${maxOutputBytes} are allowed.`);
}

/** What comes before the reason: the node, and where in ONNX Runtime's own source it was found. */
const preamble = /^.*?Status Message: (\/\S+:\d+ .*? was false\. )?/s;

/** The types and shapes fit, so what a run fails on is in the values: an index out of range, lengths that do not match. */
function failureOfRun(thrown: unknown): Error {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (isMachineFault(error)) return error;
  const reason = error.message.replace(preamble, '').trim();
  return new Failure('BAD_INPUT', `The model cannot take these inputs: ${reason}`, { cause: error });
}
