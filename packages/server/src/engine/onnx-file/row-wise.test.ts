import type { TensorSignature } from '@portico/schemas';
import { expect, it } from 'vitest';
import type { RawTensor } from '../../tensors/raw-tensor.ts';
import { typedView } from '../../tensors/values.ts';
import { isRowWise, type RunTensors } from './row-wise.ts';

const signature = (input: readonly number[], output: readonly number[]): TensorSignature => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [...input] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [...output] }],
});
const rowsAndColumns = signature([-1, -1], [-1, -1]);

const none: RawTensor = { head: { name: '', datatype: 'FP32', shape: [0], byteLength: 0 }, bytes: new Uint8Array() };

/** A model that makes other values of the same shape. */
const model =
  (change: (values: Float32Array, rows: number) => Float32Array): RunTensors =>
  async ([{ head, bytes } = none]) => {
    const changed = change(typedView('FP32', bytes), head.shape[0] ?? 0);
    return [{ head: { ...head, name: 'y' }, bytes: new Uint8Array(changed.buffer) }];
  };

it('is what answers each row the same alone and among others', async () => {
  expect(
    await isRowWise(
      rowsAndColumns,
      model((values) => values.map((value) => value * 2)),
    ),
  ).toBe(true);
});

it('is not what mixes rows, be it ever so little', async () => {
  const mixes = model((values) => values.map((value) => value + 1e-6 * (values.at(-1) ?? 0)));
  expect(await isRowWise(rowsAndColumns, mixes)).toBe(false);
  expect(
    await isRowWise(
      rowsAndColumns,
      model((values, rows) => values.map((value) => value / rows)),
    ),
  ).toBe(false);
});

it('is not what mixes rows only where one of them is beyond a bound', async () => {
  const scaled = model((values) => {
    const largest = Math.max(...values);
    return largest > 1 ? values.map((value) => value / 255) : values.slice();
  });
  expect(await isRowWise(rowsAndColumns, scaled)).toBe(false);
  const aboveTheLowest = model((values) => values.map((value) => value - Math.min(0, ...values)));
  expect(await isRowWise(rowsAndColumns, aboveTheLowest)).toBe(false);
});

it('says nothing against a model that it refuses values beyond a bound', async () => {
  const upToOne = model((values) => {
    if (values.some((value) => value < 0 || value > 1)) throw new Error('out of range');
    return values.slice();
  });
  expect(await isRowWise(rowsAndColumns, upToOne)).toBe(true);
});

it('is not what answers differently each time', async () => {
  let turn = 0;
  expect(
    await isRowWise(
      rowsAndColumns,
      model((values) => values.map((value) => value + (turn += 1))),
    ),
  ).toBe(false);
});

it('is not what has a fixed first axis on either side, or none', async () => {
  const same = model((values) => values.slice());
  expect(await isRowWise(signature([1, -1], [-1, -1]), same)).toBe(false);
  expect(await isRowWise(signature([-1, -1], [1, -1]), same)).toBe(false);
  expect(await isRowWise(signature([], []), same)).toBe(false);
  expect(await isRowWise({ inputs: [], outputs: [] }, same)).toBe(false);
});

it('is tried with other axes of length 1 where 2 is refused, and is not what refuses both', async () => {
  const onlyOne: RunTensors = async (inputs) => {
    if (inputs[0]?.head.shape[1] !== 1) throw new Error('one column');
    return model((values) => values.slice())(inputs);
  };
  expect(await isRowWise(rowsAndColumns, onlyOne)).toBe(true);
  expect(await isRowWise(rowsAndColumns, () => Promise.reject(new Error('never')))).toBe(false);
});
