import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { always, inOrder } from './fault.ts';
import { faultCases } from './fault-cases.ts';
import { methods } from './methods.ts';
import { outcomeOf } from './outcome.ts';
import { type RealServer, startRealServer } from './real-server.ts';

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer(['ocr', 'segment', 'vad', 'embed', 'draw', 'compare', 'say']);
});
afterAll(() => server[Symbol.asyncDispose]());

const maxRequests = 3;
/** Retries have time enough; a wait in vain is short. */
const timeouts = { silence: 300, otherwise: 10_000 };

/** What an error does not have unless stated. */
const nothing = { name: 'PorticoError', status: undefined, requestId: undefined, retryAfterSeconds: undefined };

describe.each(methods)('$name', (method) => {
  const { calls } = method;
  test.each(faultCases)('through $name, every time', async ({ fault, error }) => {
    const timeoutMs = fault.kind === 'silence' ? timeouts.silence : timeouts.otherwise;
    const outcome = await outcomeOf(server, method, always(fault), { timeoutMs });
    expect(outcome.milliseconds).toBeLessThan((timeoutMs + 1_000) * calls);
    expect(outcome).toMatchObject(error === undefined ? { value: method.output } : { error: { ...nothing, ...error } });
    const requests = error?.retryable === true ? maxRequests : 1;
    expect(outcome.seen).toHaveLength(calls * requests);
  });

  const passing = faultCases.filter(({ error }) => error?.retryable === true);
  test.skipIf(passing.length === 0).each(passing)('through $name, twice', async ({ fault }) => {
    const outcome = await outcomeOf(server, method, inOrder(fault, fault), { timeoutMs: timeouts.otherwise });
    expect(outcome.error).toBeUndefined();
    expect(outcome.value).toEqual(method.output);
    expect(outcome.seen).toHaveLength(calls + 2);
  });
});
