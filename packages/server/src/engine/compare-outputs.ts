import type { Tensor } from '../model/tensor.ts';
import { halfToNumber } from '../tensors/values.ts';

/*
 * How far the outputs of a device may be from the CPU's.
 *
 * A GPU multiplies float32 in TF32 by default (onnxruntime#19288, #23792), and a float16 model in float16: either has 10 bits of mantissa, so that
 * a product is off by up to 2⁻¹¹, half a thousandth, and the end of a deep net by about a hundredth of what is typical there. Recorded with TF32: 0.0009 at
 * most and 0.0001 on average of logits, and a relative error of 0.33 of a value close to zero, so that single values say nothing. A device that
 * computes something else (zeros, as in onnxruntime#13545, or another memory) is off by the size of the values themselves.
 */

/** Root of the mean square of the differences, as a share of that of the CPU's values. */
const maxDifference = 0.02;
/** Quantised nets may differ by as much, if the largest value of a row is nearly always the same. */
const maxDifferenceSameChoice = 0.1;
const sameChoiceShare = 0.99;
/** Or that much in absolute terms, where the values are all close to zero. */
const maxAbsolute = 1e-3;
/** Whole numbers are choices already: that share of them may be others, and one in any case, which may have been a tie. */
const otherWholesShare = 0.01;

export interface Comparison {
  /** Of all outputs with fractions, the largest; 0 if there is none. */
  readonly difference: number;
  /** What is wrong; undefined if the outputs agree. */
  readonly mismatch: string | undefined;
}

type Outputs = Readonly<Record<string, Tensor>>;

/** Compares the outputs of one run, the CPU's first. */
export function compareOutputs(cpu: Outputs, device: Outputs): Comparison {
  const results = Object.entries(cpu).map(([name, tensor]) => compareTensors(name, tensor, device[name]));
  const difference = Math.max(0, ...results.map(({ difference }) => difference));
  const fractions = results.filter(({ kind }) => kind === 'fractions');
  // Where fractions agree, another choice was a tie.
  const decisive = results.filter(({ kind }) => kind === 'shape' || kind === 'fractions' || fractions.length === 0);
  return { difference, mismatch: decisive.find(({ mismatch }) => mismatch !== undefined)?.mismatch };
}

interface TensorComparison extends Comparison {
  readonly kind: 'shape' | 'fractions' | 'wholes';
}

function compareTensors(name: string, cpu: Tensor, device: Tensor | undefined): TensorComparison {
  const shapeOf = (tensor: Tensor | undefined): string =>
    tensor ? `${tensor.type}[${tensor.dims.join(',')}]` : 'nothing';
  const [expected, found] = [shapeOf(cpu), shapeOf(device)];
  if (device === undefined || expected !== found)
    return { kind: 'shape', difference: 0, mismatch: `output "${name}" is ${found}, on the CPU ${expected}` };
  const values = fractionsOf(cpu);
  const others = fractionsOf(device);
  if (values === undefined || others === undefined)
    return { kind: 'wholes', difference: 0, ...compareWholes(name, cpu, device) };
  return { kind: 'fractions', ...compareFractions(name, { values, others, width: cpu.dims.at(-1) ?? 1 }) };
}

/** Undefined for whole numbers and texts. */
function fractionsOf({ type, data }: Tensor): ArrayLike<number> | undefined {
  if (type === 'float32' || type === 'float64') return data as Float32Array | Float64Array;
  return type === 'float16' ? Float32Array.from(data as Uint16Array, halfToNumber) : undefined;
}

interface Fractions {
  readonly values: ArrayLike<number>;
  readonly others: ArrayLike<number>;
  /** The length of the last axis. */
  readonly width: number;
}

function compareFractions(name: string, fractions: Fractions): Comparison {
  const { values, others } = fractions;
  let squares = 0;
  let differences = 0;
  for (let index = 0; index < values.length; index += 1) {
    const [value, other] = [values[index] ?? 0, others[index] ?? 0];
    if (!Number.isFinite(value) || !Number.isFinite(other)) {
      // Infinite in the same way, or both no number.
      if (Object.is(value, other)) continue;
      return { difference: Infinity, mismatch: `output "${name}" has ${other} where the CPU has ${value}` };
    }
    squares += value ** 2;
    differences += (value - other) ** 2;
  }
  if (differences <= values.length * maxAbsolute ** 2) return { difference: 0, mismatch: undefined };
  const difference = Math.sqrt(differences / squares);
  const agrees = difference <= maxDifference || (difference <= maxDifferenceSameChoice && makesSameChoices(fractions));
  if (agrees) return { difference, mismatch: undefined };
  const share = Number.isFinite(difference) ? `${Math.round(difference * 1_000) / 10} %` : 'infinitely much';
  return { difference, mismatch: `output "${name}" differs from the CPU's by ${share}` };
}

/** The largest value of each row is nearly always in the same place. */
function makesSameChoices({ values, others, width }: Fractions): boolean {
  if (width < 2) return false;
  const rows = values.length / width;
  let same = 0;
  for (let row = 0; row < rows; row += 1) {
    if (largestAt(values, row * width, width) === largestAt(others, row * width, width)) same += 1;
  }
  return same >= rows * sameChoiceShare;
}

function largestAt(values: ArrayLike<number>, start: number, width: number): number {
  let largest = start;
  for (let index = start + 1; index < start + width; index += 1) {
    if ((values[index] ?? 0) > (values[largest] ?? 0)) largest = index;
  }
  return largest;
}

function compareWholes(name: string, { data: values }: Tensor, { data: others }: Tensor): Pick<Comparison, 'mismatch'> {
  let other = 0;
  for (let index = 0; index < values.length; index += 1) if (values[index] !== others[index]) other += 1;
  if (other <= Math.max(1, values.length * otherWholesShare)) return { mismatch: undefined };
  return { mismatch: `output "${name}" has ${other} of ${values.length} values that are not the CPU's` };
}
