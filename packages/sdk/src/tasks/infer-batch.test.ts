import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PorticoError } from '../errors/portico-error.ts';
import { inferBatch } from './infer.ts';

const full = new PorticoError('OVERLOADED', 'The queue is full.');

/** Returns an even input, the smaller the later, and fails for an odd one. */
async function infer(input: unknown): Promise<unknown> {
  await sleep(20 - Number(input));
  if (Number(input) % 2 === 1) throw full;
  return input;
}

test('results are in the order of the inputs, and one that fails does not fail the others', async () => {
  expect(await inferBatch(infer, [0, 1, 2, 3, 4], undefined)).toEqual([
    { ok: true, value: 0 },
    { ok: false, error: full },
    { ok: true, value: 2 },
    { ok: false, error: full },
    { ok: true, value: 4 },
  ]);
});

test.each([
  [1, 1],
  [3, 3],
  [undefined, 4],
  [100, 10],
])('with a concurrency of %s at most %i calls run at a time', async (concurrency, expected) => {
  let running = 0;
  let maximum = 0;
  const counted = async (): Promise<void> => {
    maximum = Math.max(maximum, (running += 1));
    await sleep(5);
    running -= 1;
  };
  await inferBatch(counted, Array.from({ length: 10 }).keys(), undefined, { concurrency });
  expect(maximum).toBe(expected);
});

test('a huge concurrency starts no more calls than there are inputs', async () => {
  expect(await inferBatch(infer, [0], undefined, { concurrency: Number.MAX_SAFE_INTEGER })).toEqual([
    { ok: true, value: 0 },
  ]);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '4'])('%s is not a concurrency', async (concurrency) => {
  const batch = inferBatch(infer, [0], undefined, { concurrency: concurrency as number });
  await expect(batch).rejects.toThrow(TypeError);
});

test('each call has the parameters and options', async () => {
  const calls: unknown[] = [];
  const { signal } = new AbortController();
  await inferBatch(
    async (...call) => calls.push(call),
    ['a'],
    { words: true },
    { concurrency: 2, timeoutMs: 5, signal },
  );
  expect(calls).toEqual([['a', { words: true }, { timeoutMs: 5, signal }]]);
});

test('no inputs have no results', async () => {
  expect(await inferBatch(infer, [], undefined)).toEqual([]);
});

test('an error that is not a PorticoError ends the batch, and nothing more is started', async () => {
  const started: unknown[] = [];
  const denied = new Error('No token.');
  const failing = async (input: unknown): Promise<void> => {
    started.push(input);
    await sleep(1);
    if (input === 1) throw denied;
  };
  await expect(inferBatch(failing, [0, 1, 2, 3, 4, 5, 6], undefined, { concurrency: 2 })).rejects.toBe(denied);
  await sleep(20);
  expect(started.length).toBeLessThan(5);
});
