import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PorticoError } from '../errors/portico-error.ts';
import type { PorticoOptions } from '../options.ts';
import { connect, type Connection } from './connection.ts';
import { type Attempt, runCall } from './run-call.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const connection = (options: Partial<PorticoOptions> = {}): Connection =>
  connect({ url: 'http://portico.invalid', ...options });
const lost = new PorticoError('NETWORK', 'The connection was lost.');
const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.catch((error: { code?: string }) => error.code ?? error);

/** Fails so often, and then answers. */
function failing(times: number, error: unknown = lost) {
  let tries = 0;
  return vi.fn<(attempt: Attempt) => Promise<string>>(async () => {
    if ((tries += 1) <= times) throw error;
    return 'answer';
  });
}

test('what fails for a while succeeds at the third try, after pauses', async () => {
  const attempt = failing(2);
  const call = runCall(connection(), {}, attempt);
  await vi.advanceTimersByTimeAsync(99);
  expect(attempt).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(attempt).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(200);
  await expect(call).resolves.toBe('answer');
  expect(attempt).toHaveBeenCalledTimes(3);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  ['never more than three times', {}, {}, 3],
  ['as often as the client says', { retry: { attempts: 5 } }, {}, 5],
  ['as often as the call says', { retry: { attempts: 5 } }, { retry: { attempts: 2 } }, 2],
  ['once where the client wants no more', { retry: false }, {}, 1],
  ['once where the call wants no more', {}, { retry: false }, 1],
] as const)('what fails is tried %s', async (_name, client, options, tries) => {
  const attempt = failing(99);
  const call = codeOf(runCall(connection(client), options, attempt));
  await vi.runAllTimersAsync();
  expect(await call).toBe('NETWORK');
  expect(attempt).toHaveBeenCalledTimes(tries);
});

test('there is no try that would begin after the deadline', async () => {
  const attempt = failing(99);
  const call = codeOf(runCall(connection({ retry: { attempts: 99 } }), { timeoutMs: 250 }, attempt));
  await vi.advanceTimersByTimeAsync(100);
  expect(await call).toBe('NETWORK');
  expect(attempt).toHaveBeenCalledTimes(2);
});

test('each try tells what is left of the deadline', async () => {
  const told: unknown[] = [];
  const call = codeOf(
    runCall(connection({ retry: { attempts: 3 } }), { timeoutMs: 1_000 }, async (attempt) => {
      told.push(attempt.facts().timeoutMs);
      await new Promise((resolve) => setTimeout(resolve, 55));
      throw lost;
    }),
  );
  await vi.runAllTimersAsync();
  expect(await call).toBe('NETWORK');
  expect(told).toEqual([1_000, 850, 590]);
});

test('a caller who leaves during a pause is not kept waiting', async () => {
  const attempt = failing(99);
  const controller = new AbortController();
  const { signal } = controller;
  const call = codeOf(runCall(connection({ retry: { firstDelayMs: 5_000 } }), { signal }, attempt));
  await vi.advanceTimersByTimeAsync(10);
  controller.abort();
  expect(await call).toBe('ABORTED');
  await vi.advanceTimersByTimeAsync(9_000);
  expect(attempt).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('a try that fails because its caller leaves is the last', async () => {
  const controller = new AbortController();
  const attempt = vi.fn<() => Promise<never>>(async () => {
    controller.abort();
    throw lost;
  });
  expect(await codeOf(runCall(connection(), { signal: controller.signal }, attempt))).toBe('ABORTED');
  await vi.runAllTimersAsync();
  expect(attempt).toHaveBeenCalledTimes(1);
});

test('ten failures in a row leave no further tries, for any call, and successes bring them back', async () => {
  const shared = connection();
  const triesOf = async (attempt: ReturnType<typeof failing>): Promise<number> => {
    const call = codeOf(runCall(shared, {}, attempt));
    await vi.runAllTimersAsync();
    await call;
    return attempt.mock.calls.length;
  };
  const tries: number[] = [];
  for (let count = 0; count < 7; count += 1) tries.push(await triesOf(failing(99)));
  expect(tries).toEqual([3, 3, 3, 3, 3, 1, 1]);
  for (let count = 0; count < 21; count += 1) await triesOf(failing(0));
  expect(await triesOf(failing(99))).toBe(3);
  expect(await triesOf(failing(99))).toBe(1);
});

test.each([
  ['a deadline', { timeoutMs: Number.NaN }],
  ['retries', { retry: { attempts: Number.NaN } }],
])('%s that makes no sense is a TypeError, and nothing is tried', async (_name, options) => {
  const attempt = failing(0);
  await expect(runCall(connection(), options, attempt)).rejects.toThrow(TypeError);
  expect(() => connection(options)).toThrow(TypeError);
  expect(attempt).not.toHaveBeenCalled();
});
