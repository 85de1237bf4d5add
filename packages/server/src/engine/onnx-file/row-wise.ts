import type { TensorMetadata, TensorSignature } from '@portico/schemas';
import { numberToHalf, packTexts, typedArray } from '../../tensors/values.ts';
import { elementCount, type RawTensor } from '../../tensors/raw-tensor.ts';
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

/**
 * Whether rows that several clients sent may run together. A free first axis does not say that it counts independent
 * rows (it may be time, or tokens that attend to each other), so it is tried: each row must answer the same bits alone
 * as among others.
 */
export async function isRowWise(signature: TensorSignature, run: RunTensors): Promise<boolean> {
  if (!hasRows(signature)) return false;
  // What needs a length of its own along another axis accepts one of the two, or is not joined.
  for (const free of [2, 1]) {
    const answer = await probe(signature, run, { free, rows: alike }).catch(() => undefined);
    if (answer === false) return false;
    if (answer === undefined) continue;
    for (const rows of apartInTurn) {
      // Values that the model refuses say nothing about those that it takes.
      if (!(await probe(signature, run, { free, rows }).catch(() => true))) return false;
    }
    return true;
  }
  return false;
}

interface Probe {
  /** The length of every other free axis. */
  readonly free: number;
  readonly rows: readonly Ranges[];
}

async function probe(signature: TensorSignature, run: RunTensors, { free, rows }: Probe): Promise<boolean> {
  const values = scattered();
  const requests = rows.map((ranges) => madeUpInputs(signature, { rows: 1, free, values, ranges }));
  const alone: RawTensor[][] = [];
  for (const inputs of requests) alone.push(await run(inputs));
  const together = splitRows(
    await run(joinRows(requests)),
    requests.map(() => 1),
  );
  return together !== undefined && together.every((outputs, row) => areEqual(outputs, alone[row] ?? []));
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
