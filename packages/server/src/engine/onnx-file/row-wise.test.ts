import type { TensorSignature } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import type { RawTensor } from '../../tensors/raw-tensor.ts';
import { typedView } from '../../tensors/values.ts';
import { type RunTensors, tryRows } from './row-wise.ts';

const signature = (input: readonly number[], output: readonly number[]): TensorSignature => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [...input] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [...output] }],
});
const rowsAndColumns = signature([-1, -1], [-1, -1]);

const isRowWise = async (...model: Parameters<typeof tryRows>) => (await tryRows(...model)).rowWise;

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

describe('a trial with a budget', () => {
  /** A model of which a row takes so long, and what a trial of it came to. */
  async function tried(rowMs: (run: number) => number, budgetMs = 1_500) {
    let time = 0;
    let runs = 0;
    const same = model((values) => values.slice());
    const run: RunTensors = (inputs) => {
      runs += 1;
      time += rowMs(runs) * (inputs[0]?.head.shape[0] ?? 0);
      return same(inputs);
    };
    const finding = await tryRows(rowsAndColumns, run, { budgetMs, now: () => time });
    return { ...finding, runs, time };
  }

  it('runs to the end where there is time', async () => {
    // Nine rows alone and four times three together.
    expect(await tried(() => 50)).toEqual({ rowWise: true, unfinished: false, runs: 13, time: 21 * 50 });
  });

  it('ends as soon as it is clear that the time is not enough', async () => {
    expect(await tried(() => 300)).toEqual({ rowWise: false, unfinished: true, runs: 2, time: 600 });
  });

  it('begins no run that would not end in time', async () => {
    expect(await tried((run) => (run < 4 ? 60 : 400))).toMatchObject({ unfinished: true, runs: 4, time: 1_380 });
    expect(await tried(() => 5_000)).toEqual({ rowWise: false, unfinished: true, runs: 1, time: 5_000 });
  });

  it('does not judge by the first run of a shape, which may be slow', async () => {
    expect(await tried((run) => (run === 1 ? 900 : 10))).toMatchObject({ rowWise: true, unfinished: false });
  });

  it('is over when refused runs have taken the time', async () => {
    let time = 0;
    const refuses: RunTensors = () => {
      time += 1_000;
      return Promise.reject(new Error('one column'));
    };
    expect(await tryRows(rowsAndColumns, refuses, { budgetMs: 900, now: () => time })).toEqual({
      rowWise: false,
      unfinished: true,
    });
  });
});
