import { type Failure, isFailure } from '@portico/schemas';
import { failureOfInput, refuseIfCancelled } from './define-model.ts';

/**
 * Runs the inputs of a batch one after another: the body of `run` for a network that takes one input at a time. A `Failure` that
 * `run` throws is the result of its own input.
 *
 * @throws {Failure} `CANCELLED` between two inputs, once no client waits.
 * @example
 * run: (inputs, { loaded, signal }) => runEach(inputs, signal, ({ file, params }) => classify(file.data, params, loaded)),
 */
export async function runEach<Input, Output>(
  inputs: readonly Input[],
  signal: AbortSignal,
  run: (input: Input) => Promise<Output>,
): Promise<(Output | Failure)[]> {
  const results: (Output | Failure)[] = [];
  for (const input of inputs) {
    refuseIfCancelled(signal);
    results.push(await run(input).catch(failureOfInput));
  }
  return results;
}

/** What happens to the inputs of a batch, in this order. */
export interface RunTogetherSteps<Input, Row, Result, Output> {
  /** The signal of the batch. */
  readonly signal: AbortSignal;
  /** Makes an input's row of the tensors. A `Failure` that it throws is the result of that input alone. */
  readonly prepare: (input: Input) => Row | Promise<Row>;
  /** Runs the network once on all rows; returns one result for each, in their order. */
  readonly run: (rows: readonly Row[]) => Promise<readonly Result[]>;
  /** Makes the output of an input. A `Failure` that it throws is the result of that input alone. */
  readonly finish: (result: Result, input: Input, row: Row) => Output | Promise<Output>;
}

/**
 * Runs the inputs of a batch in one run of a network whose tensors have a batch axis. The registration says how many inputs there
 * are at most: `maxBatchSize`.
 *
 * @throws {Failure} `CANCELLED` before the run, once no client waits.
 */
export async function runTogether<Input, Row, Result, Output>(
  inputs: readonly Input[],
  { signal, prepare, run, finish }: RunTogetherSteps<Input, Row, Result, Output>,
): Promise<(Output | Failure)[]> {
  const prepared = await runEach(inputs, signal, async (input) => ({ input, row: await prepare(input) }));
  refuseIfCancelled(signal);
  const rows = prepared.flatMap((each) => (isFailure(each) ? [] : [each.row]));
  const results = rows.length > 0 ? await run(rows) : [];
  if (results.length !== rows.length) {
    throw new RangeError(
      `${results.length} results for ${rows.length} rows: run of runTogether returns one for each row, in their order, such as rowsOfTensor(output).`,
    );
  }
  let next = 0;
  const outputs: (Output | Failure)[] = [];
  for (const each of prepared) {
    if (isFailure(each)) {
      outputs.push(each);
      continue;
    }
    const result = results[next] as Result;
    next += 1;
    outputs.push(
      await Promise.resolve(result)
        .then((own) => finish(own, each.input, each.row))
        .catch(failureOfInput),
    );
  }
  return outputs;
}

type Values = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/**
 * Puts rows of one length behind each other, as a tensor with a batch axis holds them.
 *
 * @throws {RangeError} when a row is longer or shorter than the first.
 */
export function joinRows<Row extends Values>(rows: readonly Row[]): Row {
  const [first] = rows;
  if (first === undefined) throw new RangeError('There is no row to join.');
  const RowArray = first.constructor as new (length: number) => Row;
  const values = new RowArray(rows.length * first.length);
  for (const [place, row] of rows.entries()) {
    if (row.length !== first.length)
      throw new RangeError(`Row ${place} has ${row.length} values, the first ${first.length}.`);
    // One type of both, of which the compiler sees only that each is one of several.
    (values as Float32Array).set(row as Float32Array, place * first.length);
  }
  return values;
}

/** The values of each row of a tensor whose first axis is the batch. They are views and not copied. */
export function rowsOfTensor<Data extends Values>(tensor: {
  readonly dims: readonly number[];
  readonly data: Data;
}): Data[] {
  const rows = tensor.dims[0] ?? 1;
  const width = rows === 0 ? 0 : tensor.data.length / rows;
  return Array.from({ length: rows }, (_, row) => tensor.data.subarray(row * width, (row + 1) * width) as Data);
}
