import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PorticoError } from '../errors/portico-error.ts';
import { askBatch } from './ask-batch.ts';

const full = new PorticoError('OVERLOADED', 'The queue is full.');

/** Answers later the earlier the input is asked about, and refuses what is odd. */
async function ask(input: unknown): Promise<unknown> {
  await sleep(20 - Number(input));
  if (Number(input) % 2 === 1) throw full;
  return input;
}

test('results are in the order of the inputs, and one that fails does not fail the others', async () => {
  expect(await askBatch(ask, [0, 1, 2, 3, 4], undefined)).toEqual([
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
])('with a concurrency of %s there are %i calls under way', async (concurrency, expected) => {
  let underWay = 0;
  let most = 0;
  const counted = async (): Promise<void> => {
    most = Math.max(most, (underWay += 1));
    await sleep(5);
    underWay -= 1;
  };
  await askBatch(counted, Array.from({ length: 10 }).keys(), undefined, { concurrency });
  expect(most).toBe(expected);
});

test('a concurrency beyond all measure takes no more than the inputs', async () => {
  expect(await askBatch(ask, [0], undefined, { concurrency: Number.MAX_SAFE_INTEGER })).toEqual([
    { ok: true, value: 0 },
  ]);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '4'])('%s is no concurrency', async (concurrency) => {
  const batch = askBatch(ask, [0], undefined, { concurrency: concurrency as number });
  await expect(batch).rejects.toThrow(TypeError);
});

test('parameters and options are those of each call', async () => {
  const heard: unknown[] = [];
  const { signal } = new AbortController();
  await askBatch(async (...call) => heard.push(call), ['a'], { words: true }, { concurrency: 2, timeoutMs: 5, signal });
  expect(heard).toEqual([['a', { words: true }, { timeoutMs: 5, signal }]]);
});

test('no inputs have no results', async () => {
  expect(await askBatch(ask, [], undefined)).toEqual([]);
});

test('what is not about one input alone ends the batch, and nothing more is asked', async () => {
  const asked: unknown[] = [];
  const denied = new Error('No token.');
  const refusing = async (input: unknown): Promise<void> => {
    asked.push(input);
    await sleep(1);
    if (input === 1) throw denied;
  };
  await expect(askBatch(refusing, [0, 1, 2, 3, 4, 5, 6], undefined, { concurrency: 2 })).rejects.toBe(denied);
  await sleep(20);
  expect(asked.length).toBeLessThan(5);
});
