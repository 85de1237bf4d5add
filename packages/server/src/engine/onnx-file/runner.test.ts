import { isFailure } from '@portico/schemas';
import { expect, it } from 'vitest';
import { packTexts, unpackTexts } from '../../tensors/values.ts';
import { type RawTensor, unpackTensors } from '../../tensors/raw-tensor.ts';
import type { EngineInput } from '../../inference.ts';
import type { RunTensors } from './row-wise.ts';
import { Tensor } from '../../model/tensor.ts';
import type { OpenedFile, RunnerLoadContext, RunnerOutput } from '../runner.ts';
import onnxFile, { tensorRunner } from './runner.ts';

const context = { signal: new AbortController().signal, emit: () => {} };

/** Bytes in rows of `columns`. */
const input = (values: readonly number[], columns = 1): EngineInput => ({
  id: 0,
  mediaType: null,
  params: {
    inputs: [{ name: 'x', datatype: 'UINT8', shape: [values.length / columns, columns], byteLength: values.length }],
  },
  bytes: Uint8Array.from(values),
});

const none: RawTensor = { head: { name: '', datatype: 'UINT8', shape: [0], byteLength: 0 }, bytes: new Uint8Array() };

/** Gives rows back one larger, and remembers how many came in each run. */
function addOne(runs: number[], rowsOut: (rows: number) => number = (rows) => rows): RunTensors {
  return async ([{ head, bytes } = none]) => {
    const [rows = 0, columns = 0] = head.shape;
    runs.push(rows);
    if (bytes.includes(99)) throw new Error('Non-zero status code. Status Message: 99 is too much');
    const out = bytes.slice(0, rowsOut(rows) * columns).map((byte) => byte + 1);
    return [{ head: { ...head, name: 'y', shape: [rowsOut(rows), columns], byteLength: out.length }, bytes: out }];
  };
}

function bytesOf(answer: RunnerOutput | Error): Uint8Array {
  if (answer instanceof Error) throw answer;
  return answer.bytes;
}

async function ask(run: RunTensors, rowWise: boolean, ...inputs: readonly EngineInput[]): Promise<unknown[]> {
  const answers = await tensorRunner(run, { allowed: rowWise }).run(inputs, context);
  return answers.map((answer) => {
    if (answer instanceof Error) return isFailure(answer) ? [answer.code, answer.message] : answer;
    return unpackTensors(answer.bytes).map(({ head, bytes }) => ({ [head.name]: [...bytes], shape: head.shape }));
  });
}

it('joins the rows of requests that are alike, and gives each its own back', async () => {
  const runs: number[] = [];
  const answers = await ask(addOne(runs), true, input([1, 2]), input([3]), input([4, 5, 6]));
  expect(answers).toEqual([
    [{ y: [2, 3], shape: [2, 1] }],
    [{ y: [4], shape: [1, 1] }],
    [{ y: [5, 6, 7], shape: [3, 1] }],
  ]);
  expect(runs[0]).toBe(6);
});

it('runs together only what has the same other lengths, in whatever order it came', async () => {
  const runs: number[] = [];
  const answers = await ask(addOne(runs), true, input([1]), input([2, 3], 2), input([4]), input([5, 6], 2));
  expect(answers.map((answer) => (answer as [{ y: number[] }])[0].y)).toEqual([[2], [3, 4], [5], [6, 7]]);
  expect(runs).toEqual([2, 1, 1, 2, 1, 1]);
});

it("tries clients' own rows alone too, ever more rarely", async () => {
  const runs: number[] = [];
  const program = tensorRunner(addOne(runs), { allowed: true });
  for (let turn = 0; turn < 20; turn += 1) await program.run([input([1]), input([2])], context);
  expect(runs.filter((rows) => rows === 2)).toHaveLength(20);
  // The 1st, 2nd, 4th, 8th and 16th time.
  expect(runs.filter((rows) => rows === 1)).toHaveLength(5 * 2);
});

it('joins nothing any more once rows have shown that they depend on each other', async () => {
  const runs: number[] = [];
  // Looks at the other rows only where one of them has a 7.
  const sevens: RunTensors = async (inputs) => {
    const [{ head, bytes } = none] = inputs;
    runs.push(head.shape[0] ?? 0);
    return [{ head, bytes: bytes.includes(7) ? bytes.map(() => 7) : bytes }];
  };
  const program = tensorRunner(sevens, { allowed: true });
  const values = async (...inputs: readonly EngineInput[]): Promise<number[]> => {
    const answers = await program.run(inputs, context);
    return answers.flatMap((answer) => unpackTensors(bytesOf(answer)).flatMap(({ bytes }) => [...bytes]));
  };
  expect(await values(input([1]), input([2]))).toEqual([1, 2]);
  expect(await values(input([1]), input([7]))).toEqual([1, 7]);
  expect(await values(input([3]), input([7]), input([4]))).toEqual([3, 7, 4]);
  expect(runs).toEqual([2, 1, 1, 2, 1, 1, 1, 1, 1]);
});

it('bounds the rows of a run', async () => {
  const runs: number[] = [];
  const many = input(Array.from({ length: 40 }, () => 1));
  await ask(addOne(runs), true, many, many, many, input(Array.from({ length: 100 }, () => 1)));
  expect(runs).toEqual([40, 40, 40, 100]);
});

it('joins nothing where rows are not independent', async () => {
  const runs: number[] = [];
  await ask(addOne(runs), false, input([1]), input([2]));
  expect(runs).toEqual([1, 1]);
});

it('one request that fails together with others fails alone', async () => {
  const runs: number[] = [];
  const answers = await ask(addOne(runs), true, input([1]), input([99]), input([3]));
  expect(answers).toEqual([
    [{ y: [2], shape: [1, 1] }],
    ['BAD_INPUT', 'The model cannot take these inputs: 99 is too much'],
    [{ y: [4], shape: [1, 1] }],
  ]);
  expect(runs).toEqual([3, 1, 1, 1]);
});

it('runs singly what gives another number of rows than it was given', async () => {
  const runs: number[] = [];
  const answers = await ask(
    addOne(runs, (rows) => Math.ceil(rows / 2)),
    true,
    input([1]),
    input([3]),
  );
  expect(answers).toEqual([[{ y: [2], shape: [1, 1] }], [{ y: [4], shape: [1, 1] }]]);
  expect(runs).toEqual([2, 1, 1]);
});

it('no rows at all are run alone', async () => {
  const runs: number[] = [];
  expect(await ask(addOne(runs), true, input([]), input([])).then((answers) => answers.length)).toBe(2);
  expect(runs).toEqual([0, 0]);
});

it('splits texts by their lengths', async () => {
  const text = (...texts: string[]): EngineInput => {
    const bytes = packTexts(texts);
    const head = { name: 'x', datatype: 'BYTES', shape: [texts.length], byteLength: bytes.length };
    return { id: 0, mediaType: null, params: { inputs: [head] }, bytes };
  };
  const same: RunTensors = async (inputs) => [...inputs];
  const answers = await tensorRunner(same, { allowed: true }).run([text('a', ''), text('Grüße'), text('c')], context);
  const texts = answers.map((answer) => unpackTensors(bytesOf(answer)).map(({ bytes }) => unpackTexts(bytes)));
  expect(texts).toEqual([[['a', '']], [['Grüße']], [['c']]]);
});

it('answers the outputs that were asked for, in that order', async () => {
  const two: RunTensors = async ([{ head, bytes } = none]) =>
    ['p', 'q', 'r'].map((name) => ({ head: { ...head, name }, bytes }));
  const asked = input([1]);
  const outputs = (await ask(two, true, { ...asked, params: { ...(asked.params as object), outputs: ['r', 'p'] } }))[0];
  expect(outputs).toEqual([
    { r: [1], shape: [1, 1] },
    { p: [1], shape: [1, 1] },
  ]);
});

it('what the machine has too little of is no fault of the client', async () => {
  const full: RunTensors = () =>
    Promise.reject(new Error('Status Message: Failed to allocate memory for requested buffer'));
  const [answer] = await tensorRunner(full, { allowed: false }).run([input([1])], context);
  expect(answer).toBeInstanceOf(Error);
  expect(isFailure(answer)).toBe(false);
});

it('does nothing more once no client waits', async () => {
  const left = new AbortController();
  const runs: number[] = [];
  const leaving: RunTensors = (inputs) => {
    left.abort();
    return addOne(runs)(inputs);
  };
  await expect(
    tensorRunner(leaving, { allowed: false }).run([input([1]), input([2])], { ...context, signal: left.signal }),
  ).rejects.toThrow('aborted');
  expect(runs).toEqual([1]);
});

it.each([
  ['auto', 'measured', { rowWise: false, unfinished: true }],
  ['on', 'measured', { rowWise: true, unfinished: false }],
  ['off', 1, undefined],
])('TENSOR_BATCHING=%s bounds the trial, or not, or leaves it out', async (variant, maxBatchSize, finding) => {
  const shape = ['rows', 2];
  const file: OpenedFile = {
    inputs: [{ name: 'x', type: 'float32', shape }],
    outputs: [{ name: 'y', type: 'float32', shape }],
    run: async ({ x = new Tensor('float32', Float32Array.of(0, 0), [1, 2]) }) => ({ y: x }),
  };
  const context = {
    variant,
    weights: { model: 'same.onnx' },
    openFile: async () => file,
  } as unknown as RunnerLoadContext;
  const loaded = await onnxFile.loadRunner(context);
  expect(loaded.maxBatchSize).toBe(maxBatchSize);
  // No time at all.
  expect(await loaded.trial?.run(0)).toEqual(finding);
});

it('runs each request alone until a trial has shown that rows may share a run', async () => {
  const runs: number[] = [];
  const joining = { allowed: false };
  const runner = tensorRunner(addOne(runs), joining);
  await runner.run([input([1]), input([2])], context);
  expect(runs).toEqual([1, 1]);
  joining.allowed = true;
  await runner.run([input([1]), input([2])], context);
  expect(runs).toContain(2);
});
