import type { TensorMetadata, TensorSignature } from '@portico/schemas';
import { numberToHalf, packTexts, typedArray } from '../../tensors/values.ts';
import { elementCount, type RawTensor } from '../../tensors/raw-tensor.ts';
import type { RowFinding } from '../runner.ts';
import { hasRows, joinRows, splitRows } from './rows.ts';

/** Lowest and highest value of fractions, and of whole numbers. */
export interface Ranges {
  readonly fractions: Range;
  readonly wholes: Range;
}
type Range = readonly [lowest: number, highest: number];

/** Whole numbers of 0 or 1 are indices of nearly everything that is indexed. */
const mildRanges: Ranges = { fractions: [0, 1], wholes: [0, 1] };

export type RunTensors = (inputs: readonly RawTensor[]) => Promise<RawTensor[]>;

/**
 * What each row is made of. Rows are first alike; then they lie apart, because a model may look at other rows only where
 * a value is beyond a bound, such as one that divides by the largest value if that is above 1.
 */
const apart = [mildRanges.fractions, [-300, -1], [1, 300]] as const;
const indices = [mildRanges.wholes, [2, 10], [11, 100]] as const;
const wholes = [mildRanges.wholes, [-100, -1], [11, 100]] as const;
const rangesOf = (row: (index: 0 | 1 | 2) => Ranges): readonly Ranges[] => [row(0), row(1), row(2)];

const alike = rangesOf(() => mildRanges);
const apartInTurn = [
  rangesOf((row) => ({ ...mildRanges, fractions: apart[row] })),
  rangesOf((row) => ({ fractions: apart[row], wholes: indices[row] })),
  rangesOf((row) => ({ fractions: apart[row], wholes: wholes[row] })),
];

export interface TrialOptions {
  /** The trial ends after so long and not more than one run, or sooner where it cannot be finished by then. @default without a bound */
  readonly budgetMs?: number | undefined;
  /** A clock, in milliseconds. @default the system's */
  readonly now?: () => number;
}

/**
 * Whether rows that several clients sent may run together. A free first axis does not say that it counts independent
 * rows (it may be time, or tokens that attend to each other), so it is tried: each row must answer the same bits alone
 * as among others.
 */
export async function tryRows(
  signature: TensorSignature,
  run: RunTensors,
  { budgetMs = Infinity, now = () => performance.now() }: TrialOptions = {},
): Promise<RowFinding> {
  const refused: RowFinding = { rowWise: false, unfinished: false };
  if (!hasRows(signature)) return refused;
  const until = now() + budgetMs;
  // What needs a length of its own along another axis accepts one of the two, or is not joined.
  for (const free of [2, 1]) {
    const trial = new Trial(signature, free, { run, until, now });
    try {
      const answer = await trial.probe(alike).catch(unlessUnfinished(undefined));
      if (answer === undefined) continue;
      let rowWise = answer;
      // Values that the model refuses say nothing about those that it takes.
      for (const rows of apartInTurn) rowWise &&= await trial.probe(rows).catch(unlessUnfinished(true));
      return { rowWise, unfinished: false };
    } catch (thrown) {
      if (thrown instanceof Unfinished) return { rowWise: false, unfinished: true };
      throw thrown;
    }
  }
  return refused;
}

class Unfinished extends Error {}

const unlessUnfinished =
  <Answer>(answer: Answer) =>
  (thrown: unknown): Answer => {
    if (thrown instanceof Unfinished) throw thrown;
    return answer;
  };

/** Rows of a probe that run alone and then together. The first one is the same in each probe, so it runs alone only once. */
const rowsOfProbe = 2 + 3;

/** Probes with one length of every other free axis. Runs cannot be interrupted, so each begins only if it is likely to end in time. */
class Trial {
  readonly #signature: TensorSignature;
  readonly #free: number;
  readonly #run: RunTensors;
  readonly #until: number;
  readonly #now: () => number;
  #probesLeft = 1 + apartInTurn.length;
  /** Of the probe that is under way. */
  #rowsLeft = 0;
  /** Of one row alone, and how many have run. The first one of a shape may take far longer than others: memory, kernels of a GPU. */
  #fastestMs = Infinity;
  #ranAlone = 0;
  #first: readonly RawTensor[] | undefined;

  constructor(
    signature: TensorSignature,
    free: number,
    { run, until, now }: { readonly run: RunTensors; readonly until: number; readonly now: () => number },
  ) {
    this.#signature = signature;
    this.#free = free;
    this.#run = run;
    this.#until = until;
    this.#now = now;
  }

  async probe(rows: readonly Ranges[]): Promise<boolean> {
    this.#probesLeft -= 1;
    this.#rowsLeft = rowsOfProbe + (this.#first === undefined ? 1 : 0);
    const values = scattered();
    const free = this.#free;
    const requests = rows.map((ranges) => madeUpInputs(this.#signature, { rows: 1, free, values, ranges }));
    const alone: (readonly RawTensor[])[] = [];
    for (const inputs of requests) {
      const known = alone.length === 0 ? this.#first : undefined;
      alone.push(known ?? (await this.#runAlone(inputs)));
    }
    this.#first = alone[0];
    this.#begin(requests.length);
    const together = splitRows(
      await this.#run(joinRows(requests)),
      requests.map(() => 1),
    );
    return together !== undefined && together.every((outputs, row) => areEqual(outputs, alone[row] ?? []));
  }

  async #runAlone(inputs: readonly RawTensor[]): Promise<RawTensor[]> {
    this.#begin(1);
    const startedAt = this.#now();
    const outputs = await this.#run(inputs);
    this.#fastestMs = Math.min(this.#fastestMs, this.#now() - startedAt);
    this.#ranAlone += 1;
    return outputs;
  }

  /** @throws {Unfinished} */
  #begin(rows: number): void {
    const leftMs = this.#until - this.#now();
    const neededMs = (this.#rowsLeft + this.#probesLeft * rowsOfProbe) * this.#fastestMs;
    if (leftMs <= 0 || (this.#ranAlone > 1 && neededMs > leftMs)) throw new Unfinished();
    this.#rowsLeft -= rows;
  }
}

/** Whether these are the same bits in the same shapes. */
export const areEqual = (some: readonly RawTensor[], others: readonly RawTensor[]): boolean =>
  some.length === others.length &&
  some.every(({ head, bytes }, index) => {
    const other = others[index] as RawTensor;
    return head.shape.join() === other.head.shape.join() && Buffer.compare(bytes, other.bytes) === 0;
  });

/** A value from 0 up to 1 for each element. */
export type Values = () => number;

interface MadeUp {
  readonly rows: number;
  readonly free: number;
  readonly values: Values;
  readonly ranges?: Ranges;
}

/** Made-up inputs: `rows` along a free first axis, `free` along the others. */
export const madeUpInputs = (
  { inputs }: TensorSignature,
  { rows, free, values, ranges = mildRanges }: MadeUp,
): RawTensor[] =>
  inputs.map((input) => {
    const shape = input.shape.map((length, axis) => (length !== -1 ? length : axis === 0 ? rows : free));
    const bytes = valuesOf(input, elementCount(shape), values, ranges);
    return { head: { name: input.name, datatype: input.datatype, shape, byteLength: bytes.byteLength }, bytes };
  });

function valuesOf({ datatype }: TensorMetadata, length: number, values: Values, ranges: Ranges): Uint8Array {
  const fraction = (): number => between(ranges.fractions, values());
  const whole = (): number => Math.round(between(ranges.wholes, values()));
  if (datatype === 'BYTES') return packTexts(Array.from({ length }, () => String(whole())));
  const array = typedArray(datatype, length);
  for (let index = 0; index < length; index += 1) {
    if (array instanceof BigInt64Array || array instanceof BigUint64Array) array[index] = BigInt(whole());
    else if (array instanceof Float32Array || array instanceof Float64Array) array[index] = fraction();
    else if (datatype === 'FP16') array[index] = numberToHalf(fraction());
    else if (datatype === 'BOOL') array[index] = Math.round(values());
    else array[index] = whole();
  }
  return new Uint8Array(array.buffer);
}

const between = ([lowest, highest]: Range, part: number): number => lowest + part * (highest - lowest);

export const zeros: Values = () => 0;

/** The same sequence in every engine. Constants of Numerical Recipes' linear congruential generator. */
function scattered(): Values {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
