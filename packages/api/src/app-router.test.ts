import { ocr, tasks } from '@portico/schemas';
import { expect, test } from 'vitest';
import { fakeContext } from '../test/fake-context.ts';
import { appRouter } from './app-router.ts';

const result = { width: 1, height: 1, angle: 0, text: '', lines: [] };
const file = { data: new Uint8Array([1, 2, 3]), mediaType: 'image/png', name: 'a.png' };

test('every task is a mutation of its name', () => {
  for (const name of Object.keys(tasks)) expect(appRouter).toHaveProperty([name, 'infer']);
});

test('a task is asked with its file, its parameters and the signal of the request', async () => {
  const asked: unknown[] = [];
  const { signal } = new AbortController();
  const context = fakeContext(async (...call) => {
    asked.push(...call);
    return result;
  });
  const client = appRouter.createCaller(context, { signal });
  await expect(client.ocr.infer({ file, params: { minConfidence: 0.25 } })).resolves.toEqual(result);
  expect(asked).toEqual(['ocr', { file, params: { ...ocr.params.parse({}), minConfidence: 0.25 } }, signal]);
});

test('parameters may be left out', async () => {
  const inputs: unknown[] = [];
  const client = appRouter.createCaller(fakeContext(async (_task, input) => inputs.push(input)));
  await client.ocr.infer({ file });
  await client.ocr.infer({ file, params: undefined });
  for (const input of inputs) expect(input).toEqual({ file, params: tasks.ocr.params.parse({}) });
});

test('the server says what it serves and how it is', async () => {
  const context = fakeContext();
  const client = appRouter.createCaller(context);
  await expect(client.models.list()).resolves.toEqual(context.models());
  await expect(client.status.ready()).resolves.toEqual(context.ready());
  await expect(client.status.gpu()).resolves.toEqual(context.gpu());
});
