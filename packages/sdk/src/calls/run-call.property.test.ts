import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isPorticoError, PorticoError } from '../errors/portico-error.ts';
import { connect, type Connection } from './connection.ts';
import { runCall } from './run-call.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** How one try goes: it takes so long and answers, fails, or does neither and takes no notice of its signal. */
interface Fate {
  readonly milliseconds: number;
  readonly end: 'answer' | 'lost' | 'full' | 'refused' | 'defect' | 'never';
  readonly retryAfterSeconds: number | undefined;
}

const milliseconds = fc.nat(3_000);
const fate: fc.Arbitrary<Fate> = fc.record({
  milliseconds,
  end: fc.constantFrom('answer', 'lost', 'lost', 'lost', 'full', 'full', 'refused', 'defect', 'never'),
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
  attempts: fc.integer({ min: 1, max: 6 }),
  firstDelayMs: fc.nat(1_000),
  longestDelayMs: fc.nat(20_000),
  timeoutMs: fc.option(fc.integer({ min: 1, max: 8_000 }), { nil: undefined }),
  leavesAfterMs: fc.option(milliseconds, { nil: undefined }),
});

/** How long the server's own 504 may take. */
const graceMs = 500;
const budget = 10;

async function live({ milliseconds, end, retryAfterSeconds }: Fate): Promise<string> {
  if (end === 'never') return new Promise(() => {});
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  if (end === 'answer') return 'answer';
  if (end === 'lost') throw new PorticoError('NETWORK', 'Lost.');
  if (end === 'full') throw new PorticoError('OVERLOADED', 'Full.', { status: 503, retryAfterSeconds });
  if (end === 'refused') throw new PorticoError('BAD_INPUT', 'Refused.', { status: 400 });
  throw new Error('A defect.');
}

/** One call as it went; times in milliseconds since it was made. */
interface Course {
  readonly begun: readonly number[];
  readonly settled: readonly { readonly at: number; readonly error?: unknown }[];
}

/** Makes a call whose tries fare like that, and lets five minutes pass. */
async function make(
  connection: Connection,
  fates: readonly Fate[],
  leavesAfterMs: number | undefined,
): Promise<Course> {
  const startedAt = performance.now();
  const elapsed = (): number => performance.now() - startedAt;
  const controller = new AbortController();
  if (leavesAfterMs !== undefined) setTimeout(() => controller.abort(), leavesAfterMs);
  const begun: number[] = [];
  const settled: { at: number; error?: unknown }[] = [];
  const call = runCall(connection, { signal: controller.signal }, () => {
    begun.push(elapsed());
    return live(fates[begun.length - 1] ?? answers);
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

const answers: Fate = { milliseconds: 0, end: 'answer', retryAfterSeconds: undefined };

test('whatever befalls its tries, a call settles once, in time, after no more tries than allowed', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ calls, attempts, firstDelayMs, longestDelayMs, timeoutMs, leavesAfterMs }) => {
      const retry = { attempts, firstDelayMs, longestDelayMs };
      const connection = connect({ url: 'http://portico.invalid', retry, timeoutMs });
      let furtherTries = 0;
      let successes = 0;
      for (const fates of calls) {
        const { begun, settled } = await make(connection, fates, leavesAfterMs);
        expect(settled).toHaveLength(1);
        expect(begun.length).toBeLessThanOrEqual(attempts);
        const { at = Number.NaN, error } = settled[0] ?? {};
        const lastEnd = (fates[begun.length - 1] ?? answers).end;
        const endless = lastEnd === 'never' && timeoutMs === undefined && leavesAfterMs === undefined;
        const latest = Math.min(
          (timeoutMs ?? Number.POSITIVE_INFINITY) + graceMs,
          leavesAfterMs ?? Number.POSITIVE_INFINITY,
          // Without a deadline a server that never answers is waited for until the caller leaves.
          endless ? 300_000 : 299_999,
        );
        expect(at).toBeLessThanOrEqual(latest + 1);
        expect(Math.max(...begun)).toBeLessThanOrEqual((timeoutMs ?? 300_000) + 1);
        expect(error === undefined ? lastEnd : 'answer').toBe('answer');
        expect(error === undefined || isPorticoError(error) || lastEnd === 'defect').toBe(true);
        expect(vi.getTimerCount()).toBe(0);
        furtherTries += begun.length - 1;
        if (error === undefined) successes += 1;
        expect(furtherTries).toBeLessThanOrEqual(budget + successes / 10);
      }
    }),
    { numRuns: 300 },
  );
}, 20_000);
