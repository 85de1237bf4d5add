import { defineTask, Failure, json, ocr, tasks } from '@portico/schemas';
import { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fakeContext } from '../test/fake-context.ts';
import { appRouter, inferCall, taskProcedures } from './router.ts';
import { type Context, router } from './trpc.ts';

const shared = {
  summary: 'Count.',
  accepts: json(z.number()),
  params: z.object({}),
  output: z.object({ counted: z.number() }),
};
const count = defineTask({ ...shared, name: 'count', item: z.object({ number: z.number() }) });
const sum = defineTask({ ...shared, name: 'sum' });
const procedures = router({ count: router(taskProcedures({ count }).count), sum: router(taskProcedures({ sum }).sum) });

const counting = (context: Context['stream']) => procedures.createCaller(fakeContext(undefined, context)).count;

test('a task that streams has a procedure for it, and no other has', () => {
  expect(Object.keys(procedures._def.procedures)).toEqual(['count.infer', 'count.stream', 'sum.infer']);
});

test('a stream yields items and returns the output', async () => {
  const calls: unknown[] = [];
  const stream = await counting(async function* (task, input) {
    calls.push(task, input);
    yield { number: 1 };
    yield { number: 2 };
    return { counted: 2 };
  }).stream({ input: 2 });
  const iterator = stream[Symbol.asyncIterator]();
  const steps = [await iterator.next(), await iterator.next(), await iterator.next()];
  expect(calls).toEqual(['count', { input: 2, params: {} }]);
  expect(steps).toEqual([
    { done: false, value: { number: 1 } },
    { done: false, value: { number: 2 } },
    { done: true, value: { counted: 2 } },
  ]);
});

test('a failure on the way has the words of the error table', async () => {
  const stream = await counting(async function* () {
    yield { number: 1 };
    throw new Failure('OVERLOADED', 'Too much.');
  }).stream({ input: 2 });
  const iterator = stream[Symbol.asyncIterator]();
  await iterator.next();
  const error: unknown = await iterator.next().then(undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(TRPCError);
  expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', message: 'Too much.', cause: { code: 'OVERLOADED' } });
});

test('who stops listening ends the stream', async () => {
  let ended = false;
  const stream = await counting(async function* () {
    try {
      for (let number = 1; ; number++) yield { number };
    } finally {
      ended = true;
    }
  }).stream({ input: 2 });
  for await (const _item of stream) break;
  expect(ended).toBe(true);
});

const result = { width: 1, height: 1, angle: 0, text: '', lines: [] };
const file = { data: new Uint8Array([1, 2, 3]), mediaType: 'image/png', name: 'a.png' };

test('every task is a mutation of its name', () => {
  for (const name of Object.keys(tasks)) expect(appRouter).toHaveProperty([name, 'infer']);
});

test('a task runs with its file, its parameters and the signal of the request', async () => {
  const calls: unknown[] = [];
  const { signal } = new AbortController();
  const context = fakeContext(async (...call) => {
    calls.push(...call);
    return result;
  });
  const client = appRouter.createCaller(context, { signal });
  await expect(client.ocr.infer({ file, params: { minConfidence: 0.25 } })).resolves.toEqual(result);
  expect(calls).toEqual(['ocr', { file, params: { ...ocr.params.parse({}), minConfidence: 0.25 } }, signal]);
});

test('parameters may be left out', async () => {
  const inputs: unknown[] = [];
  const client = appRouter.createCaller(fakeContext(async (_task, input) => inputs.push(input)));
  await client.ocr.infer({ file });
  await client.ocr.infer({ file, params: undefined });
  for (const input of inputs) expect(input).toEqual({ file, params: tasks.ocr.params.parse({}) });
});

test.each([
  ['returns an output', { input: 2 }, async () => ({ counted: 2 })],
  ['passes parameters on', { input: 2, params: {} }, async (_task: string, input: unknown) => input],
  ['refuses an input that does not fit', { input: 2, more: 3 }, async () => ({})],
  ['refuses a missing input', undefined, async () => ({})],
  [
    'fails with a row of the error table',
    { input: 2 },
    async () => {
      throw new Failure('OVERLOADED', 'Too much.');
    },
  ],
])('the fast path to a task %s as its procedure does', async (_what, value, infer) => {
  const context = fakeContext(infer);
  const settled = (result: Promise<unknown>) =>
    result.catch((error: unknown) => {
      const { code, message, cause } = error as TRPCError;
      return { code, message, cause };
    });
  const short = await settled(inferCall(sum)(context, value));
  expect(short).toEqual(await settled(procedures.createCaller(context).sum.infer(value as never)));
});

test('the server says what it serves and how it is', async () => {
  const context = fakeContext();
  const client = appRouter.createCaller(context);
  await expect(client.models.list()).resolves.toEqual(context.models());
  await expect(client.status.ready()).resolves.toEqual(context.ready());
  await expect(client.status.gpu()).resolves.toEqual(context.gpu());
});
