import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PorticoError } from '../errors/portico-error.ts';
import type { CallOptions, PorticoOptions } from '../options.ts';
import { type CallContext, runCall } from './call.ts';
import { connect, type Connection } from './connection.ts';

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

/** Fails this many times, and then succeeds. */
function failing(times: number, error: unknown = lost) {
  let requests = 0;
  return vi.fn<(context: CallContext) => Promise<string>>(async () => {
    if ((requests += 1) <= times) throw error;
    return 'result';
  });
}

test('a call that fails twice succeeds with the second retry, after delays', async () => {
  const send = failing(2);
  const call = runCall(connection(), {}, send);
  await vi.advanceTimersByTimeAsync(99);
  expect(send).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(send).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(200);
  await expect(call).resolves.toBe('result');
  expect(send).toHaveBeenCalledTimes(3);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  ['two retries by default', {}, {}, 3],
  ['as many retries as the client allows', { retry: { maxRetries: 4 } }, {}, 5],
  ['as many retries as the call allows', { retry: { maxRetries: 4 } }, { retry: { maxRetries: 1 } }, 2],
  ['no retry if the client allows none', { retry: false }, {}, 1],
  ['no retry if the call allows none', {}, { retry: false }, 1],
  ['no retry if there are to be zero', { retry: { maxRetries: 0 } }, {}, 1],
] as const)('a call that fails has %s', async (_name, client, options, requests) => {
  const send = failing(99);
  const call = codeOf(runCall(connection(client), options, send));
  await vi.runAllTimersAsync();
  expect(await call).toBe('NETWORK');
  expect(send).toHaveBeenCalledTimes(requests);
});

test('there is no retry that would start after the deadline', async () => {
  const send = failing(99);
  const call = codeOf(runCall(connection({ retry: { maxRetries: 98 } }), { timeoutMs: 250 }, send));
  await vi.advanceTimersByTimeAsync(100);
  expect(await call).toBe('NETWORK');
  expect(send).toHaveBeenCalledTimes(2);
});

test('each request says how much of the timeout is left', async () => {
  const sent: unknown[] = [];
  const call = codeOf(
    runCall(connection({ retry: { maxRetries: 2 } }), { timeoutMs: 1_000 }, async (context) => {
      sent.push(context.facts().timeoutMs);
      await new Promise((resolve) => setTimeout(resolve, 55));
      throw lost;
    }),
  );
  await vi.runAllTimersAsync();
  expect(await call).toBe('NETWORK');
  expect(sent).toEqual([1_000, 845, 590]);
});

test('an abort during a delay ends the call at once', async () => {
  const send = failing(99);
  const controller = new AbortController();
  const { signal } = controller;
  const call = codeOf(runCall(connection({ retry: { initialDelayMs: 5_000 } }), { signal }, send));
  await vi.advanceTimersByTimeAsync(10);
  controller.abort();
  expect(await call).toBe('ABORTED');
  await vi.advanceTimersByTimeAsync(9_000);
  expect(send).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('a request that fails because of an abort is not retried', async () => {
  const controller = new AbortController();
  const send = vi.fn<() => Promise<never>>(async () => {
    controller.abort();
    throw lost;
  });
  expect(await codeOf(runCall(connection(), { signal: controller.signal }, send))).toBe('ABORTED');
  await vi.runAllTimersAsync();
  expect(send).toHaveBeenCalledTimes(1);
});

test('ten retries in a row leave none for any call, and successes earn them back', async () => {
  const shared = connection();
  const requestsOf = async (send: ReturnType<typeof failing>): Promise<number> => {
    const call = codeOf(runCall(shared, {}, send));
    await vi.runAllTimersAsync();
    await call;
    return send.mock.calls.length;
  };
  const requests: number[] = [];
  for (let count = 0; count < 7; count += 1) requests.push(await requestsOf(failing(99)));
  expect(requests).toEqual([3, 3, 3, 3, 3, 1, 1]);
  for (let count = 0; count < 21; count += 1) await requestsOf(failing(0));
  expect(await requestsOf(failing(99))).toBe(3);
  expect(await requestsOf(failing(99))).toBe(1);
});

test.each([
  ['a timeout', { timeoutMs: Number.NaN }],
  ['retry options', { retry: { maxRetries: Number.NaN } }],
])('invalid: %s is a TypeError, and nothing is sent', async (_name, options) => {
  const send = failing(0);
  await expect(runCall(connection(), options, send)).rejects.toThrow(TypeError);
  expect(() => connection(options)).toThrow(TypeError);
  expect(send).not.toHaveBeenCalled();
});

test('each retry is announced before its delay, with its error', async () => {
  const onRetry = vi.fn<NonNullable<CallOptions['onRetry']>>();
  const send = failing(99);
  const call = codeOf(runCall(connection(), { retry: { maxRetries: 2 }, onRetry }, send));
  await vi.advanceTimersByTimeAsync(0);
  expect(onRetry.mock.calls).toEqual([[{ error: lost, retry: 1, delayMs: 100 }]]);
  await vi.runAllTimersAsync();
  expect(await call).toBe('NETWORK');
  expect(onRetry.mock.calls).toEqual([
    [{ error: lost, retry: 1, delayMs: 100 }],
    [{ error: lost, retry: 2, delayMs: 200 }],
  ]);
  expect(send).toHaveBeenCalledTimes(3);
});

test('what onRetry throws ends the call', async () => {
  const defect = new Error('A defect.');
  const onRetry = (): never => {
    throw defect;
  };
  const send = failing(99);
  expect(await codeOf(runCall(connection(), { onRetry }, send))).toBe(defect);
  expect(send).toHaveBeenCalledTimes(1);
});

test("a fetch that takes only Node's own signals is given one", async () => {
  const own = AbortSignal;
  const sent: unknown[] = [];
  const fetch = async (_url: string, { signal }: RequestInit): Promise<Response> => {
    sent.push(signal);
    if (!(signal instanceof own))
      throw new TypeError('Expected signal ("AbortSignal {}") to be an instance of AbortSignal.');
    return Response.json({});
  };
  const foreign = Object.assign(new EventTarget(), { aborted: false }) as AbortSignal;
  const response = await connection({ fetch }).fetch('http://portico.invalid/ready', { signal: foreign });
  expect(response.ok).toBe(true);
  expect(sent).toEqual([foreign, expect.any(own)]);
});
