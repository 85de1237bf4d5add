import { getEventListeners } from 'node:events';
import { expect, test, vi } from 'vitest';
import { onAbort } from './on-abort.ts';

test('however many wait for it, a signal has one listener, and none when nobody waits any more', () => {
  const { signal } = new AbortController();
  const stops = Array.from({ length: 20 }, () => onAbort(signal, () => {}));
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  for (const stop of stops) stop();
  for (const stop of stops) stop();
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('all who wait hear of it once, and who has stopped does not', () => {
  const controller = new AbortController();
  const heard = vi.fn<(who: string) => void>();
  onAbort(controller.signal, () => heard('first'));
  onAbort(controller.signal, () => heard('second'))();
  onAbort(controller.signal, () => heard('third'));
  controller.abort();
  controller.abort();
  expect(heard.mock.calls).toEqual([['first'], ['third']]);
});

test('who waits again after everybody had stopped hears of it', () => {
  const controller = new AbortController();
  const heard = vi.fn<() => void>();
  onAbort(controller.signal, heard)();
  onAbort(controller.signal, heard);
  controller.abort();
  expect(heard).toHaveBeenCalledOnce();
});
