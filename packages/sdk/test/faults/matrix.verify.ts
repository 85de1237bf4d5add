import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { always, inOrder } from './fault.ts';
import { faultCases } from './fault-cases.ts';
import { methods } from './methods.ts';
import { outcomeOf } from './outcome.ts';
import { type RealServer, startRealServer } from './real-server.ts';

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer(['ocr', 'segment', 'vad', 'embed', 'draw']);
});
afterAll(() => server[Symbol.asyncDispose]());

const attempts = 3;
/** What is tried again has time enough for it; what is waited for in vain is not waited for long. */
const patience = { silence: 300, otherwise: 10_000 };

/** What is not said is not there. */
const nothing = { name: 'PorticoError', status: undefined, requestId: undefined, retryAfterSeconds: undefined };

describe.each(methods)('$name', (method) => {
  const { isTriedAgain, calls } = method;
  test.each(faultCases)('through $name, every time', async ({ fault, error }) => {
    const timeoutMs = fault.kind === 'silence' ? patience.silence : patience.otherwise;
    const outcome = await outcomeOf(server, method, always(fault), { timeoutMs });
    expect(outcome.milliseconds).toBeLessThan((timeoutMs + 1_000) * calls);
    expect(outcome).toMatchObject(error === undefined ? { value: method.answer } : { error: { ...nothing, ...error } });
    const tries = isTriedAgain && error?.retryable === true ? attempts : 1;
    expect(outcome.seen).toHaveLength(calls * tries);
  });

  const passing = faultCases.filter(({ error }) => isTriedAgain && error?.retryable === true);
  test.skipIf(passing.length === 0).each(passing)('through $name, twice', async ({ fault }) => {
    const outcome = await outcomeOf(server, method, inOrder(fault, fault), { timeoutMs: patience.otherwise });
    expect(outcome.error).toBeUndefined();
    expect(outcome.value).toEqual(method.answer);
    expect(outcome.seen).toHaveLength(calls + 2);
  });
});
