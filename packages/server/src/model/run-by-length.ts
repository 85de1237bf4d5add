import type { Device } from '@portico/schemas';
import { refuseIfCancelled } from './define-model.ts';
import { Tensor } from './tensor.ts';

/** The cost of runs of a network on rows of different lengths, in elements of rows, such as tokens, padding included. */
export interface RunCost {
  /** Elements of the largest run; a longer row has a run of its own. */
  readonly budget: number;
  /** What a run costs in addition to its elements. */
  readonly overhead: number;
}

/**
 * The cost of runs on rows of tokens. Runs of more than 512 tokens exceed the cache of a CPU core: MiniLM reads 4 600 tokens a second
 * in runs of 200 to 500 tokens, 4 200 in runs of 1 500 and 3 100 in runs of 8 000. In runs of 12 it reads 3 000, because of the
 * overhead: 8 tokens where nothing else runs, 24 where other engines share cache and memory. Not measured on GPUs, which need far
 * larger runs.
 */
export const tokenRunCost = (device: Device): RunCost =>
  device === 'cpu' ? { budget: 512, overhead: 16 } : { budget: 16_384, overhead: 256 };

/** A row, as long as it says. */
type Row = { readonly length: number };

export interface RunByLengthOptions<R extends Row, Output> {
  readonly cost: RunCost;
  /** The signal of the batch. */
  readonly signal: AbortSignal;
  /** Runs the network on rows of similar lengths, the longest last; returns one output for each. */
  readonly run: (rows: readonly R[]) => Promise<readonly Output[]>;
}

/**
 * Runs a network on rows of different lengths, whichever inputs they belong to: rows of similar lengths together, the shortest
 * first, in the runs that cost least. The outputs are in the order of the rows.
 * @throws {Failure} `CANCELLED` between two runs, once no client waits.
 */
export async function runByLength<R extends Row, Output>(
  rows: readonly R[],
  { cost, signal, run }: RunByLengthOptions<R, Output>,
): Promise<Output[]> {
  const outputs: Output[] = [];
  const lengths = rows.map(({ length }) => length);
  for (const places of packRows(lengths, cost)) {
    refuseIfCancelled(signal);
    const found = await run(places.map((place) => rows[place] as R));
    if (found.length !== places.length) throw new RangeError(`${found.length} outputs for ${places.length} rows.`);
    for (const [index, place] of places.entries()) outputs[place] = found[index] as Output;
  }
  return outputs;
}

/** Rows of token ids as the tensors of one run: rows × the longest. The mask is 1 wherever there is a token. */
export interface PaddedTokens {
  readonly ids: Tensor<'int64'>;
  readonly mask: Tensor<'int64'>;
  /** Length of every row with its padding. */
  readonly longest: number;
}

/**
 * Pads rows of token ids to the longest. Padding is masked, so it may be any token: 0.
 *
 * @param minLength of every row, for a graph that takes rows of one length only
 */
export function padTokens(rows: readonly (readonly number[])[], minLength = 0): PaddedTokens {
  const longest = rows.reduce((longest, { length }) => Math.max(longest, length), minLength);
  const ids = new BigInt64Array(rows.length * longest);
  const mask = new BigInt64Array(ids.length);
  for (const [row, tokens] of rows.entries()) {
    const start = row * longest;
    for (const [place, token] of tokens.entries()) ids[start + place] = BigInt(token);
    mask.fill(1n, start, start + tokens.length);
  }
  const tensor = (data: BigInt64Array): Tensor<'int64'> => new Tensor('int64', data, [rows.length, longest]);
  return { ids: tensor(ids), mask: tensor(mask), longest };
}

/**
 * Divides rows of different lengths into runs, each as long as its longest row, at the lowest total cost: all elements, padding
 * included, and the overhead of each run. Rows that would need more padding than a run costs therefore run apart.
 *
 * @returns the rows' places in `lengths`, run by run, the shortest first
 */
export function packRows(lengths: readonly number[], { budget, overhead }: RunCost): number[][] {
  const places = [...lengths.keys()].sort((one, other) => lengthAt(one) - lengthAt(other));
  /** The least that the first rows cost, and how many of them are in the last of their runs. */
  const least = [{ cost: 0, last: 0 }];
  for (let end = 1; end <= places.length; end += 1) {
    const longest = lengthAt(places[end - 1]!);
    let best = { cost: Infinity, last: 1 };
    for (let rows = 1; rows <= end && (rows === 1 || rows * longest <= budget); rows += 1) {
      const cost = least[end - rows]!.cost + overhead + rows * longest;
      if (cost < best.cost) best = { cost, last: rows };
    }
    least.push(best);
  }
  const runs: number[][] = [];
  for (let end = places.length; end > 0; end -= least[end]!.last) runs.push(places.slice(end - least[end]!.last, end));
  return runs.toReversed();

  function lengthAt(place: number): number {
    return lengths[place] ?? 0;
  }
}
