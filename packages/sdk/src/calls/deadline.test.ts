import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onAbort, validateTimeout, withDeadline } from './deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = (): Promise<never> => new Promise(() => {});
const codeOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: { code?: string }) => error.code);

test('a result in time is the result of the call, and no timer is left', async () => {
  await expect(withDeadline({ timeoutMs: 100 }, async () => 'result')).resolves.toBe('result');
  expect(vi.getTimerCount()).toBe(0);
});

test('a call ends half a second after its deadline, even if what it runs does not', async () => {
  let signal: AbortSignal | undefined;
  const call = codeOf(
    withDeadline({ timeoutMs: 100 }, (given) => {
      signal = given;
      return never();
    }),
  );
  await vi.advanceTimersByTimeAsync(599);
  expect(signal?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await call).toBe('TIMEOUT');
  expect(signal?.reason).toMatchObject({ code: 'TIMEOUT' });
});

test('without a deadline there is no timer', async () => {
  const controller = new AbortController();
  const call = codeOf(withDeadline({ signal: controller.signal }, never));
  expect(vi.getTimerCount()).toBe(0);
  controller.abort();
  expect(await call).toBe('ABORTED');
});

test('a deadline longer than a timer can wait does not end the call at once', async () => {
  const controller = new AbortController();
  const call = codeOf(withDeadline({ signal: controller.signal, timeoutMs: 1e15 }, never));
  await vi.advanceTimersByTimeAsync(1e9);
  controller.abort();
  expect(await call).toBe('ABORTED');
});

test('an abort ends the call, with its reason as the cause, and no listener is left', async () => {
  const controller = new AbortController();
  const call = withDeadline({ signal: controller.signal, timeoutMs: 100 }, never);
  controller.abort('enough');
  await expect(call).rejects.toMatchObject({
    name: 'PorticoError',
    code: 'ABORTED',
    cause: 'enough',
    retryable: false,
  });
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('nothing runs if the signal has already fired', async () => {
  const run = vi.fn<() => Promise<never>>(never);
  expect(await codeOf(withDeadline({ signal: AbortSignal.abort() }, run))).toBe('ABORTED');
  expect(run).not.toHaveBeenCalled();
});

test('what fails in time fails as it is, and no listener is left', async () => {
  const { signal } = new AbortController();
  const defect = new Error('A defect.');
  await expect(withDeadline({ signal, timeoutMs: 100 }, () => Promise.reject(defect))).rejects.toBe(defect);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('an error after the call has ended is dropped, and not a defect', async () => {
  const unhandled = vi.fn<(reason: unknown) => void>();
  process.on('unhandledRejection', unhandled);
  let fail = (_error: Error): void => {};
  const call = codeOf(withDeadline({ timeoutMs: 100 }, () => new Promise((_resolve, reject) => (fail = reject))));
  await vi.advanceTimersByTimeAsync(600);
  expect(await call).toBe('TIMEOUT');
  fail(new Error('Too late.'));
  vi.useRealTimers();
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '100', null])('%s is not a timeout', (timeoutMs) => {
  expect(() => validateTimeout(timeoutMs as number)).toThrow(TypeError);
});

test.each([undefined, 1, 0.5, 1e15])('%s is a timeout', (timeoutMs) => {
  expect(validateTimeout(timeoutMs)).toBe(timeoutMs);
});

test('a signal has one listener, however many wait for it, and none when nothing waits any more', () => {
  const { signal } = new AbortController();
  const stops = Array.from({ length: 20 }, () => onAbort(signal, () => {}));
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  for (const stop of stops) stop();
  for (const stop of stops) stop();
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('every listener is called once, unless it has been stopped', () => {
  const controller = new AbortController();
  const called = vi.fn<(who: string) => void>();
  onAbort(controller.signal, () => called('first'));
  onAbort(controller.signal, () => called('second'))();
  onAbort(controller.signal, () => called('third'));
  controller.abort();
  controller.abort();
  expect(called.mock.calls).toEqual([['first'], ['third']]);
});

test('a listener that is added after all others were stopped is called', () => {
  const controller = new AbortController();
  const called = vi.fn<() => void>();
  onAbort(controller.signal, called)();
  onAbort(controller.signal, called);
  controller.abort();
  expect(called).toHaveBeenCalledOnce();
});
