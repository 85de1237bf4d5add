import { describe, expect, it } from 'vitest';
import { Tensor } from '../model/tensor.ts';
import { numberToHalf } from '../tensors/values.ts';
import { compareOutputs } from './compare-outputs.ts';

const floats = (values: readonly number[], dims: readonly number[] = [values.length]) =>
  new Tensor('float32', Float32Array.from(values), dims);
const compare = (cpu: Tensor, device: Tensor) => compareOutputs({ y: cpu }, { y: device });

/** Values as a net has them at its end, the same in every test. */
const logits = Array.from({ length: 1_000 }, (_, index) => 5 * Math.sin(index * 12.9898) * Math.cos(index * 78.233));
/** The rounding of TF32: ten bits of mantissa remain. */
const tf32 = (value: number): number => {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = ((bits[0] ?? 0) + 0x1000) & ~0x1fff;
  return new Float32Array(bits.buffer)[0] ?? NaN;
};

describe('fractions', () => {
  it('in TF32 agree, and so does what a deep net makes of it', () => {
    expect(compare(floats(logits), floats(logits.map(tf32))).mismatch).toBeUndefined();
    const deep = logits.map((value, index) => value + 0.03 * Math.sin(index));
    expect(compare(floats(logits), floats(deep))).toMatchObject({ mismatch: undefined });
  });

  it('of half precision agree with their rounding', () => {
    const half = (values: readonly number[]) =>
      new Tensor('float16', Uint16Array.from(values, numberToHalf), [values.length]);
    expect(compare(half(logits), half(logits.map((value) => value * 1.001))).mismatch).toBeUndefined();
    expect(compare(half(logits), half(logits.map(() => 0))).mismatch).toContain('differs');
  });

  it.each([
    ['zeros', logits.map(() => 0)],
    ['another sign', logits.map((value) => -value)],
    ['another order', logits.toReversed()],
    ['a third that is garbage', logits.map((value, index) => (index % 3 === 0 ? 1e3 : value))],
  ])('that are %s differ', (_what, values) => {
    expect(compare(floats(logits), floats(values)).mismatch).toMatch(/^output "y" differs from the CPU's by .+ %$/);
  });

  it('may differ by a tenth where the largest of each row is the same', () => {
    const noisy = logits.map((value, index) => value + 0.2 * Math.sin(index));
    expect(compare(floats(logits), floats(noisy)).mismatch).toBeUndefined();
    const rows = floats([9, 8.9, 9, 8.9], [2, 2]);
    expect(compare(rows, floats([9, 9.5, 9, 9.5], [2, 2])).mismatch).toContain('differs');
  });

  it('that are all close to zero agree although their shares do not', () => {
    expect(compare(floats([1e-6, 2e-6]), floats([2e-6, 0]))).toEqual({ difference: 0, mismatch: undefined });
    expect(compare(floats([0, 0]), floats([0, 1])).mismatch).toContain('infinitely');
  });

  it('that are not numbers must be so on both sides', () => {
    expect(compare(floats([NaN, -Infinity, 1]), floats([NaN, -Infinity, 1])).mismatch).toBeUndefined();
    expect(compare(floats([1, 1]), floats([1, NaN])).mismatch).toBe('output "y" has NaN where the CPU has 1');
  });
});

describe('whole numbers', () => {
  const wholes = (...values: readonly number[]) => new Tensor('int32', Int32Array.from(values), [values.length]);

  it('may be others in one place, which may have been a tie', () => {
    expect(compare(wholes(1, 2, 3), wholes(1, 2, 4)).mismatch).toBeUndefined();
    expect(compare(wholes(1, 2, 3), wholes(1, 3, 4)).mismatch).toBe(
      'output "y" has 2 of 3 values that are not the CPU\'s',
    );
  });

  it('do not count beside fractions that agree', () => {
    const scores = floats(logits);
    expect(
      compareOutputs({ scores, order: wholes(1, 2, 3) }, { scores, order: wholes(3, 2, 1) }).mismatch,
    ).toBeUndefined();
  });
});

it('another shape, type or a missing output differs', () => {
  expect(compare(floats([1, 2]), floats([1, 2, 3])).mismatch).toBe('output "y" is float32[3], on the CPU float32[2]');
  expect(compareOutputs({ y: floats([1]) }, {}).mismatch).toBe('output "y" is nothing, on the CPU float32[1]');
});
