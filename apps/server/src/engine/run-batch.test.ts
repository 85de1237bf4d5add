import { Failure } from '@portico/schemas';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { LoadedModel } from '../models/model.ts';
import type { Report } from '../wire/messages.ts';
import type { LoadedEngine } from './load-engine.ts';
import type { Reporter } from './reporter.ts';
import { runBatch } from './run-batch.ts';
import { Stopwatch } from './stopwatch.ts';

type Run = (values: readonly number[]) => Promise<readonly unknown[]>;

/** Runs a batch of numbers and tells how each ended, what was logged, and the batches that the model saw. */
async function outcomes(values: readonly number[], run: Run, signal = new AbortController().signal) {
  const batches: (readonly number[])[] = [];
  const ends: Record<number, string> = {};
  const logged: string[] = [];
  const engine = {
    model: {
      run: async (inputs: readonly { input: number }[]) => {
        batches.push(inputs.map(({ input }) => input));
        return run(inputs.map(({ input }) => input));
      },
    } as unknown as LoadedModel,
    outputSchema: z.object({ double: z.number() }),
    stopwatch: new Stopwatch(),
  } as unknown as LoadedEngine;
  const reporter = {
    send: (report: Report, body?: Uint8Array) => {
      if (report.type === 'log') logged.push(report.text);
      if (report.type === 'result') ends[report.id] = Buffer.from(body ?? []).toString();
      if (report.type === 'failure') ends[report.id] = report.code;
    },
  } as unknown as Reporter;
  const inputs = values.map((value) => ({
    id: value,
    mediaType: null,
    params: {},
    data: Buffer.from(JSON.stringify(value)),
  }));
  await runBatch(engine, inputs, signal, reporter);
  return { ends, batches, logged };
}

const doubled: Run = async (values) => values.map((value) => ({ double: value * 2 }));

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

it('a run that throws is not repeated when nobody waits', async () => {
  const { batches } = await outcomes(
    [1, 2],
    async () => {
      throw new Error('aborted');
    },
    AbortSignal.abort(),
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
