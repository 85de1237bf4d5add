import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isPorticoError, PorticoError } from '../errors/portico-error.ts';
import { runCall } from './call.ts';
import { connect, type Connection } from './connection.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** How one request goes: after a while it succeeds or fails, or it does neither and ignores its signal. */
interface Fate {
  readonly milliseconds: number;
  readonly end: 'success' | 'lost' | 'full' | 'rejected' | 'defect' | 'never';
  readonly retryAfterSeconds: number | undefined;
}

const milliseconds = fc.nat(3_000);
const fate: fc.Arbitrary<Fate> = fc.record({
  milliseconds,
  end: fc.constantFrom('success', 'lost', 'lost', 'lost', 'full', 'full', 'rejected', 'defect', 'never'),
  retryAfterSeconds: fc.option(fc.nat(30), { nil: undefined }),
});
const lost: Fate = { milliseconds: 0, end: 'lost', retryAfterSeconds: undefined };
const fates = fc.oneof(
  fc.array(fate, { minLength: 1, maxLength: 6 }),
  // A server that is down, so that the budget is spent.
  fc.constant(Array.from({ length: 6 }, () => lost)),
);
const scenario = fc.record({
  calls: fc.array(fates, { minLength: 1, maxLength: 15 }),
  maxRetries: fc.nat(5),
  initialDelayMs: fc.nat(1_000),
  maxDelayMs: fc.nat(20_000),
  timeoutMs: fc.option(fc.integer({ min: 1, max: 8_000 }), { nil: undefined }),
  abortsAfterMs: fc.option(milliseconds, { nil: undefined }),
});

/** How long the server's own 504 may take. */
const graceMs = 500;
const budget = 10;

async function live({ milliseconds, end, retryAfterSeconds }: Fate): Promise<string> {
  if (end === 'never') return new Promise(() => {});
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  if (end === 'success') return 'result';
  if (end === 'lost') throw new PorticoError('NETWORK', 'Lost.');
  if (end === 'full') throw new PorticoError('OVERLOADED', 'Full.', { status: 503, retryAfterSeconds });
  if (end === 'rejected') throw new PorticoError('BAD_INPUT', 'Rejected.', { status: 400 });
  throw new Error('A defect.');
}

/** How a call went; times in milliseconds since it was made. */
interface Course {
  readonly begun: readonly number[];
  readonly settled: readonly { readonly at: number; readonly error?: unknown }[];
}

/** Makes a call whose requests go like that, and lets five minutes pass. */
async function make(
  connection: Connection,
  fates: readonly Fate[],
  abortsAfterMs: number | undefined,
): Promise<Course> {
  const startedAt = performance.now();
  const elapsed = (): number => performance.now() - startedAt;
  const controller = new AbortController();
  if (abortsAfterMs !== undefined) setTimeout(() => controller.abort(), abortsAfterMs);
  const begun: number[] = [];
  const settled: { at: number; error?: unknown }[] = [];
  const call = runCall(connection, { signal: controller.signal }, () => {
    begun.push(elapsed());
    return live(fates[begun.length - 1] ?? succeeds);
  });
  void call.then(
    () => settled.push({ at: elapsed() }),
    (error: unknown) => settled.push({ at: elapsed(), error }),
  );
  await vi.advanceTimersByTimeAsync(300_000);
  controller.abort();
  await vi.advanceTimersByTimeAsync(0);
  return { begun, settled };
}

const succeeds: Fate = { milliseconds: 0, end: 'success', retryAfterSeconds: undefined };

test('however its requests go, a call settles once, in time, after no more retries than allowed', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ calls, maxRetries, initialDelayMs, maxDelayMs, timeoutMs, abortsAfterMs }) => {
      const retry = { maxRetries, initialDelayMs, maxDelayMs };
      const connection = connect({ url: 'http://portico.invalid', retry, timeoutMs });
      let retries = 0;
      let successes = 0;
      for (const fates of calls) {
        const { begun, settled } = await make(connection, fates, abortsAfterMs);
        expect(settled).toHaveLength(1);
        expect(begun.length).toBeLessThanOrEqual(1 + maxRetries);
        const { at = Number.NaN, error } = settled[0] ?? {};
        const lastEnd = (fates[begun.length - 1] ?? succeeds).end;
        const endless = lastEnd === 'never' && timeoutMs === undefined && abortsAfterMs === undefined;
        const latest = Math.min(
          (timeoutMs ?? Number.POSITIVE_INFINITY) + graceMs,
          abortsAfterMs ?? Number.POSITIVE_INFINITY,
          // Without a timeout, a call to a server that never responds lasts until it is aborted.
          endless ? 300_000 : 299_999,
        );
        expect(at).toBeLessThanOrEqual(latest + 1);
        expect(Math.max(...begun)).toBeLessThanOrEqual((timeoutMs ?? 300_000) + 1);
        expect(error === undefined ? lastEnd : 'success').toBe('success');
        expect(error === undefined || isPorticoError(error) || lastEnd === 'defect').toBe(true);
        expect(vi.getTimerCount()).toBe(0);
        retries += begun.length - 1;
        if (error === undefined) successes += 1;
        expect(retries).toBeLessThanOrEqual(budget + successes / 10);
      }
    }),
    { numRuns: 300 },
  );
}, 20_000);
