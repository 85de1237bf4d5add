import { expect, it } from 'vitest';
import { Harness, now, settle } from './testing/harness.ts';

/** Submits text and collects the items that come on the way to its end. */
function stream(harness: Harness, options: Parameters<Harness['submit']>[1] = {}) {
  const items: string[] = [];
  const end = harness.submit('a', { ...options, onItem: (item) => items.push(Buffer.from(item).toString()) });
  return { items, end };
}

it('items arrive as they come, and then the result', async () => {
  const harness = Harness.ready();
  const { items, end } = stream(harness);
  harness.engines.all[0]?.emit(() => 'one');
  expect(items).toEqual(['one']);
  harness.engines.all[0]?.emit(() => 'two');
  harness.engines.all[0]?.finish();
  expect(await end).toBe('a');
  expect(items).toEqual(['one', 'two']);
});

it('the deadline bounds the wait for each next item, not the whole', async () => {
  const harness = Harness.ready();
  const { items, end } = stream(harness, { timeoutMs: 1_000 });
  for (const index of [0, 1, 2]) {
    harness.clock.advance(900);
    harness.engines.all[0]?.emit(() => String(index));
  }
  expect(await now(end)).toBeUndefined();
  harness.clock.advance(1_000);
  expect(await end).toBe('TIMEOUT');
  expect(items).toEqual(['0', '1', '2']);
});

it('a run may take as long as it likes while it emits items', async () => {
  const harness = Harness.ready();
  const { end } = stream(harness);
  for (const index of [0, 1, 2]) {
    harness.clock.advance(50_000);
    harness.engines.all[0]?.emit(() => String(index));
  }
  harness.engines.all[0]?.finish();
  expect(await end).toBe('a');
  expect(harness.engines.all).toHaveLength(1);
});

it('when the engine crashes, the next one continues where the client is', async () => {
  const harness = Harness.ready();
  const { items, end } = stream(harness);
  harness.engines.all[0]?.emit(() => 'one');
  harness.engines.all[0]?.emit(() => 'two');
  harness.engines.all[0]?.exit();
  harness.readyAll();
  for (const item of ['one', 'two', 'three']) harness.engines.all[1]?.emit(() => item);
  harness.engines.all[1]?.finish();
  expect(await end).toBe('a');
  expect(items).toEqual(['one', 'two', 'three']);
});

it('a run that emits again what the client has already is not one that hangs', async () => {
  const harness = Harness.ready();
  const { end } = stream(harness, { timeoutMs: 200_000 });
  for (const item of ['one', 'two']) harness.engines.all[0]?.emit(() => item);
  harness.engines.all[0]?.exit();
  harness.readyAll();
  for (const item of ['one', 'two']) {
    harness.clock.advance(50_000);
    harness.engines.all[1]?.emit(() => item);
  }
  harness.engines.all[1]?.finish();
  expect(await end).toBe('a');
  expect(harness.engines.all).toHaveLength(2);
});

it('a client who has left gets nothing more', async () => {
  const harness = Harness.ready();
  const leaving = new AbortController();
  const { items, end } = stream(harness, { signal: leaving.signal });
  harness.engines.all[0]?.emit(() => 'one');
  leaving.abort();
  harness.engines.all[0]?.emit(() => 'two');
  expect(await end).toBe('CANCELLED');
  await settle();
  expect(items).toEqual(['one']);
});

it('after the deadline nothing is left behind on the clock', async () => {
  const harness = Harness.ready();
  const { end } = stream(harness, { timeoutMs: 1_000 });
  harness.engines.all[0]?.emit(() => 'one');
  harness.engines.all[0]?.finish();
  await end;
  expect(harness.clock.pending).toBe(0);
});
