import { defineTask, type Device, Failure, json } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Model } from '../model/define-model.ts';
import type { Report } from '../wire/messages.ts';
import { failureOf, nextRun, runBatch } from './engine-host.ts';
import { modelRunner } from './runner.ts';
import { Stopwatch } from './sessions.ts';

interface Input {
  readonly input: number;
  readonly emit: (item: unknown) => void;
}
type Run = (values: readonly number[], inputs: readonly Input[]) => Promise<readonly unknown[]>;

const double = defineTask({
  name: 'double',
  summary: 'Double a number.',
  accepts: json(z.number()),
  params: z.object({}),
  output: z.object({ double: z.number() }),
  item: z.object({ half: z.number() }),
});

/** Runs a batch of numbers; returns how each ended, what was logged and emitted, and the batches that the model saw. */
async function outcomes(
  values: readonly number[],
  run: Run,
  {
    signal = new AbortController().signal,
    outputAs,
    device = 'cuda',
  }: { signal?: AbortSignal; outputAs?: 'items'; device?: Device } = {},
) {
  const batches: (readonly number[])[] = [];
  const ends: Record<number, string> = {};
  const logged: string[] = [];
  const items: string[] = [];
  const deviceLost: string[] = [];
  const model = {
    task: double,
    run: async (inputs: readonly Input[]) => {
      const asked = inputs.map(({ input }) => input);
      batches.push(asked);
      return run(asked, inputs);
    },
  } as unknown as Model;
  const reporter = {
    send: (report: Report, body?: Uint8Array) => {
      const text = Buffer.from(body ?? []).toString();
      if (report.type === 'log') logged.push(report.text);
      if (report.type === 'device-lost') deviceLost.push(report.detail);
      if (report.type === 'item') items.push(`${report.id}/${report.index} ${text}`);
      if (report.type === 'result') ends[report.id] = text;
      if (report.type === 'failure') ends[report.id] = report.code;
    },
    flush: () => {},
  };
  const inputs = values.map((value) => ({
    id: value,
    mediaType: null,
    params: {},
    bytes: Buffer.from(JSON.stringify(value)),
    outputAs,
  }));
  const engine = { runner: modelRunner(model, undefined), stopwatch: new Stopwatch(), description: { device } };
  await runBatch(engine, inputs, { signal }, reporter);
  return { ends, batches, logged, items, deviceLost };
}

const doubled = async (values: readonly number[]): Promise<readonly unknown[]> =>
  values.map((value) => ({ double: value * 2 }));

it('each input gets the output in its place', async () => {
  const { ends } = await outcomes([1, 2, 3], doubled);
  expect(ends).toEqual({ 1: '{"double":2}', 2: '{"double":4}', 3: '{"double":6}' });
});

it("a failure in the place of an output is that input's alone", async () => {
  const { ends, logged } = await outcomes([1, 2], async () => [{ double: 2 }, new Failure('BAD_INPUT', 'no image')]);
  expect(ends).toEqual({ 1: '{"double":2}', 2: 'BAD_INPUT' });
  expect(logged).toEqual([]);
});

it('a run that throws is repeated with each input alone, so that only the one to blame fails', async () => {
  const { ends, batches, logged } = await outcomes([1, 2, 3], async (values) => {
    if (values.includes(2)) throw new TypeError('two is too much');
    return doubled(values);
  });
  expect(ends).toEqual({ 1: '{"double":2}', 2: 'INTERNAL', 3: '{"double":6}' });
  expect(batches).toEqual([[1, 2, 3], [1], [2], [3]]);
  expect(logged.join('\n')).toContain('two is too much');
});

it('a lost device is reported in place of outcomes, and nothing else is run on it', async () => {
  const lost = new Error('CUDA failure 700: an illegal memory access was encountered ; GPU=0');
  for (const run of [() => Promise.reject(lost), async () => [{ double: 2 }, lost]]) {
    const { ends, batches, deviceLost } = await outcomes([1, 2], run);
    expect({ ends, batches, deviceLost }).toEqual({
      ends: {},
      batches: [[1, 2]],
      deviceLost: [`The device is lost: ${lost.message}`],
    });
  }
});

it.each([
  ['a failure that quotes the input', new Failure('BAD_INPUT', '"device lost" is not a number.'), 'BAD_INPUT'],
  ['a failure that says it otherwise', new Failure('BAD_INPUT', 'CUDA failure 700: is no name.'), 'BAD_INPUT'],
  ['an error of a parser', new SyntaxError('Unexpected token \'d\', "device lost" is not valid JSON'), 'INTERNAL'],
  ['the same about memory', new SyntaxError('Unexpected token \'o\', "out of memory" is not valid JSON'), 'INTERNAL'],
])('what a client has written costs no engine: %s', async (_what, thrown, code) => {
  const { ends, deviceLost } = await outcomes([1], () => Promise.reject(thrown));
  expect({ ends, deviceLost }).toEqual({ ends: { 1: code }, deviceLost: [] });
});

it('a device is never lost on the CPU', async () => {
  const thrown = new Error('There is no word "device lost".');
  const { ends, deviceLost } = await outcomes([1], () => Promise.reject(thrown), { device: 'cpu' });
  expect({ ends, deviceLost }).toEqual({ ends: { 1: 'INTERNAL' }, deviceLost: [] });
});

it('a run that throws is not repeated when no client waits', async () => {
  const { batches } = await outcomes(
    [1, 2],
    async () => {
      throw new Error('aborted');
    },
    { signal: AbortSignal.abort() },
  );
  expect(batches).toEqual([[1, 2]]);
});

it.each([
  ['an output of another shape', [{ triple: 3 }]],
  ['no output', []],
])('%s is a defect of the model', async (_what, outputs) => {
  const { ends, logged } = await outcomes([1], async () => outputs);
  expect(ends).toEqual({ 1: 'INTERNAL' });
  expect(logged).toHaveLength(1);
});

const halves: Run = async (values, inputs) => {
  for (const { input, emit } of inputs) for (const half of [input / 2, input / 4]) emit({ half });
  return doubled(values);
};

it('items are sent before the output, counted for each input', async () => {
  const { items, ends } = await outcomes([4, 8], halves, { outputAs: 'items' });
  expect(items).toEqual(['4/0 {"half":2}', '4/1 {"half":1}', '8/0 {"half":4}', '8/1 {"half":2}']);
  expect(ends).toEqual({ 4: '{"double":8}', 8: '{"double":16}' });
});

it('items of an input that does not stream are not sent', async () => {
  const { items, ends } = await outcomes([4], halves);
  expect(items).toEqual([]);
  expect(ends).toEqual({ 4: '{"double":8}' });
});

it('a run that is repeated counts its items from the start', async () => {
  const { items } = await outcomes(
    [4, 8],
    async (values, inputs) => {
      const outputs = await halves(values, inputs);
      if (values.length > 1) throw new Error('too many');
      return outputs;
    },
    { outputAs: 'items' },
  );
  expect(items.filter((item) => item.startsWith('8'))).toEqual([
    '8/0 {"half":4}',
    '8/1 {"half":2}',
    '8/0 {"half":4}',
    '8/1 {"half":2}',
  ]);
});

it('an item of another shape is a defect of the model', async () => {
  const { items, ends, logged } = await outcomes(
    [4],
    async (values, inputs) => {
      inputs[0]?.emit({ third: 1 });
      return doubled(values);
    },
    { outputAs: 'items' },
  );
  expect(items).toEqual([]);
  expect(ends).toEqual({ 4: 'INTERNAL' });
  expect(logged.join('\n')).toContain('An item does not match the contract');
});

it.each([
  'Array buffer allocation failed',
  'std::bad_alloc',
  'bad allocation',
  'CUDA failure 2: out of memory ; GPU=0',
  'BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 1073741824',
])('a lack of memory is reported as one: %s', (message) => {
  expect(failureOf(new Error(message)).code).toBe('OUT_OF_MEMORY');
});

it('anything else is a defect, and what it says stays inside', () => {
  const failure = failureOf(new TypeError("Cannot read properties of undefined (reading 'secret')"));
  expect(failure.code).toBe('INTERNAL');
  expect(failure.message).not.toContain('secret');
});

describe('the next run', () => {
  const runOf = (sizes: readonly number[], maxBatchSize: number, maxBatchBytes: number): readonly number[] =>
    nextRun(
      sizes.map((size, id) => ({ id, mediaType: null, params: {}, bytes: new Uint8Array(size) })),
      { description: { maxBatchSize }, maxBatchBytes },
    ).map(({ id }) => id);

  it('takes as many inputs as the model runs at once, in the order of arrival', () => {
    expect(runOf([1, 1, 1, 1], 3, Infinity)).toEqual([0, 1, 2]);
    expect(runOf([], 3, Infinity)).toEqual([]);
  });

  it('leaves an input that does not fit for the next run, where it is the first', () => {
    expect(runOf([10, 900, 10, 80, 10], 8, 100)).toEqual([0, 2, 3]);
    expect(runOf([900, 10, 10], 8, 100)).toEqual([0]);
  });
});
