import { Failure } from '@portico/schemas';
import { packTensors } from '../../tensors/packed-tensors.ts';
import type { RawTensor, TensorQuestion } from '../../tensors/tensor-head.ts';
import type { Program, ProgramInput } from '../../model/program.ts';
import { areEqual, type RunTensors } from './is-row-wise.ts';
import { joinRows, rowKey, rowsOf, splitRows } from './rows.ts';

interface Request {
  readonly index: number;
  readonly inputs: readonly RawTensor[];
  /** Names of the outputs wanted; all unless told. */
  readonly outputs: readonly string[] | undefined;
}

/** Rows and bytes of one run; a request that has more runs alone. */
const mostRows = 64;
const mostBytes = 16 * 1024 * 1024;

/** What the wire takes is four times as much. */
const longestAnswerBytes = 256 * 1024 * 1024;

/**
 * Feeds an ONNX file with the tensors of requests as they are.
 * @param rowWise requests that are alike in all but their rows run together, until one shows that it must not.
 */
export function tensorProgram(run: RunTensors, rowWise: boolean): Program {
  let joins = rowWise;
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
    joins = false;
    process.stderr.write('Rows are not independent, as they seemed at warm-up: requests run one by one from now on.\n');
    return alone;
  }

  return {
    async run(inputs, { signal }) {
      const answers: (Uint8Array | Error)[] = [];
      const runSingly = async (request: Request): Promise<void> => {
        answers[request.index] = await run(request.inputs)
          .then((outputs) => answerOf(request, outputs))
          .catch(asError);
      };
      const requests = inputs.map(requestOf);
      for (const group of joins ? groups(requests) : requests.map((request) => [request])) {
        signal.throwIfAborted();
        const together = joins && group.length > 1 ? await runTogether(group) : undefined;
        for (const [place, request] of group.entries()) {
          const outputs = together?.[place];
          if (outputs === undefined) await runSingly(request);
          else answers[request.index] = answerOf(request, outputs);
        }
      }
      return answers;
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
    if (joined !== undefined && rows > 0 && joined.rows + rows <= mostRows && joined.bytes + bytes <= mostBytes) {
      joined.group.push(request);
      joined.rows += rows;
      joined.bytes += bytes;
      continue;
    }
    const group = [request];
    made.push(group);
    // No rows at all, or different numbers of them, are nobody else's business.
    if (rows > 0) open.set(key, { group, rows, bytes });
  }
  return made;
}

function requestOf({ params, data }: ProgramInput, index: number): Request {
  const { inputs: heads, outputs } = params as TensorQuestion;
  let start = 0;
  const inputs = heads.map((head) => {
    const bytes = data.subarray(start, start + head.byteLength);
    start += head.byteLength;
    return { head, bytes };
  });
  return { index, inputs, outputs };
}

function answerOf({ outputs: names }: Request, outputs: readonly RawTensor[]): Uint8Array | Error {
  const wanted = names?.flatMap((name) => outputs.find(({ head }) => head.name === name) ?? []) ?? outputs;
  const length = wanted.reduce((sum, { head }) => sum + head.byteLength, 0);
  if (length <= longestAnswerBytes) return packTensors(wanted);
  return new Failure('TOO_LARGE', `The answer would have ${length} bytes; ${longestAnswerBytes} are the most.`);
}

/** Faults of the machine, by their words; they are nothing the client could change. */
const machineFault =
  /out of memory|failed to allocate|bad_alloc|bad allocation|allocation failed|(cuda|cudnn|cublas) failure/i;
/** What comes before the reason: the node, and where in ONNX Runtime's own source it was found. */
const preamble = /^.*?Status Message: (\/\S+:\d+ .*? was false\. )?/s;

/** The types and shapes fit, so what a run fails on is in the values: an index out of range, lengths that do not match. */
function asError(thrown: unknown): Error {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (machineFault.test(error.message)) return error;
  const reason = error.message.replace(preamble, '').trim();
  return new Failure('BAD_INPUT', `The model cannot take these inputs: ${reason}`, { cause: error });
}
