import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PorticoError } from '../../src/errors/portico-error.ts';
import { clientThrough } from './client-through.ts';
import { always, type Fault, inOrder, pass } from './fault.ts';
import { methods } from './methods.ts';
import { outcomeOf } from './outcome.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { pixel, recording } from './samples.ts';

const models = ['draw', 'embed', 'vad'];
let server: RealServer;
beforeAll(async () => {
  server = await startRealServer(models);
}, 60_000);
afterAll(() => server[Symbol.asyncDispose]());

const cut: Fault = { kind: 'cut', where: { bytes: 20 } };
const reset: Fault = { kind: 'reset', where: 'in the request body' };
const full = (retryAfter: string): Fault => ({
  kind: 'respond',
  status: 503,
  headers: { 'content-type': 'application/problem+json', 'retry-after': retryAfter },
  body: JSON.stringify({ code: 'OVERLOADED', status: 503, title: 'Full', detail: 'Full.', requestId: 'request-7' }),
});

const retried = methods.filter(({ model = 'draw' }) => models.includes(model));
test.each(retried)('$name succeeds after a cut and a reset', async (method) => {
  const outcome = await outcomeOf(server, method, inOrder(cut, reset), { timeoutMs: 10_000 });
  expect(outcome).toMatchObject({ value: method.output, seen: { length: 3 } });
});

describe('Retry-After', () => {
  test('is waited for, and no longer than the random delay adds', async () => {
    await using client = await clientThrough(server, inOrder(full('1')));
    await client.portico.draw(pixel);
    const [first, second] = client.proxy.seen;
    const pause = Number(second?.at) - Number(first?.at);
    expect(pause).toBeGreaterThanOrEqual(1_000);
    expect(pause).toBeLessThan(1_500);
  });

  test('beyond the deadline is not waited for', async () => {
    await using client = await clientThrough(server, always(full('2')));
    const startedAt = performance.now();
    const call = client.portico.draw(pixel, {}, { timeoutMs: 1_500 });
    await expect(call).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 2, requestId: 'request-7' });
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(client.proxy.seen).toHaveLength(1);
  });
});

test('each request says how much of the timeout is left', async () => {
  await using client = await clientThrough(server, inOrder(full('1'), cut));
  await client.portico.draw(pixel, {}, { timeoutMs: 20_000 });
  const [first, second, third] = client.proxy.seen.map(({ timeoutSeconds }) => Number(timeoutSeconds));
  expect(first).toBeLessThanOrEqual(20);
  // The server said to come back after a second.
  expect(second).toBeLessThanOrEqual(Number(first) - 1);
  expect(third).toBeLessThanOrEqual(Number(second));
  expect(third).toBeGreaterThan(0);
});

test('a failing server gets fewer and fewer retries, and as many as before once it has recovered', async () => {
  let isDown = true;
  await using client = await clientThrough(server, () => (isDown ? reset : pass));
  const { portico, proxy } = client;
  const requestsOf = async (): Promise<number> => {
    const before = proxy.seen.length;
    await portico.draw(pixel, {}, { retry: { initialDelayMs: 1 } }).catch(() => {});
    return proxy.seen.length - before;
  };
  const requests: number[] = [];
  for (let call = 0; call < 8; call += 1) requests.push(await requestsOf());
  expect(requests).toEqual([3, 3, 3, 3, 3, 1, 1, 1]);
  isDown = false;
  for (let call = 0; call < 25; call += 1) expect(await requestsOf()).toBe(1);
  isDown = true;
  expect(await requestsOf()).toBe(3);
});

test('calls that are made together are requests of their own: each is retried and has its own result', async () => {
  await using client = await clientThrough(server, inOrder(cut), { retry: { initialDelayMs: 1 } });
  const embed = (text: string): Promise<unknown> => client.portico.embed({ texts: [text] });
  const together = await Promise.all(['a', 'b', 'c'].map(embed));
  expect(client.proxy.seen.map(({ path }) => path)).toEqual(Array.from({ length: 4 }, () => '/embed'));
  expect(together[2]).toEqual(await embed('c'));
});

test('unusable responses are cancelled, so none holds a connection', async () => {
  const body = `<h1>502</h1>${' '.repeat(2_000_000)}`;
  const page: Fault = { kind: 'respond', status: 502, headers: { 'content-type': 'text/html' }, body };
  await using client = await clientThrough(server, always(page), { retry: false });
  const { portico, proxy } = client;
  for (let round = 0; round < 10; round += 1) {
    for (const call of [() => portico.draw(pixel), () => portico.draw.image(pixel), () => portico.gpu()]) {
      await expect(call()).rejects.toMatchObject({ code: 'NETWORK', status: 502 });
    }
    await expect(portico.vad.stream(pixel).next()).rejects.toMatchObject({ code: 'NETWORK', status: 502 });
  }
  await expect.poll(() => proxy.running()).toBe(0);
  expect(await proxy.connections()).toBeLessThan(5);
});

describe('aborting', () => {
  /** Aborts a call after this time; resolves with how long it took to end. */
  async function abortedAfter(time: Promise<void>, call: (signal: AbortSignal) => Promise<unknown>): Promise<number> {
    const controller = new AbortController();
    let abortedAt = Number.NaN;
    const abort = async (): Promise<void> => {
      await time;
      abortedAt = performance.now();
      controller.abort('enough');
    };
    void abort();
    const error = await call(controller.signal).then(
      () => undefined,
      (reason: unknown) => reason as PorticoError,
    );
    const took = performance.now() - abortedAt;
    expect(error).toMatchObject({ name: 'PorticoError', code: 'ABORTED', status: undefined, cause: 'enough' });
    return took;
  }
  const promptlyMs = 100;

  test('before anything is sent sends nothing', async () => {
    await using client = await clientThrough(server, always(pass));
    const signal = AbortSignal.abort('enough');
    for (const { run } of retried) {
      await expect(run(client.portico, { signal })).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
    }
    expect(client.proxy.seen).toHaveLength(0);
  });

  test('during the upload ends the call at once, and closes the connection', async () => {
    await using client = await clientThrough(server, always({ kind: 'slow upload', pause: 30 }));
    const { portico, proxy } = client;
    const before = await server.metric('portico_requests_total', { outcome: 'ok' });
    // More than the buffers on the way hold.
    const large = new Blob([pixel, new Uint8Array(12_000_000)]);
    const begun = (async () => {
      await expect.poll(() => proxy.seen.length, { timeout: 10_000 }).toBe(3);
    })();
    const took = await Promise.all([
      abortedAfter(begun, (signal) => portico.draw(large, {}, { signal })),
      abortedAfter(begun, (signal) => portico.draw.image(large, {}, { signal })),
      abortedAfter(begun, (signal) => portico.vad.stream(large, {}, { signal }).next()),
    ]);
    expect(Math.max(...took)).toBeLessThan(promptlyMs);
    await expect.poll(() => proxy.running(), { timeout: 10_000 }).toBe(0);
    expect(await server.metric('portico_requests_total', { outcome: 'ok' })).toBe(before);
  });

  const stages: readonly (readonly [string, Fault])[] = [
    ['while waiting for the response', { kind: 'silence' }],
    ['while waiting for a retry', full('15')],
    ['in the response', { kind: 'drip', bytes: 1, pause: 500 }],
  ];
  test.each(stages)('%s ends every call at once, and closes the connection', async (_name, fault) => {
    await using client = await clientThrough(server, always(fault));
    const calls = retried.map(
      ({ run }) =>
        async (signal: AbortSignal) =>
          run(client.portico, { signal }),
    );
    const took = await Promise.all(calls.map((call) => abortedAfter(sleep(400), call)));
    expect(Math.max(...took)).toBeLessThan(promptlyMs);
    await expect.poll(() => client.proxy.running()).toBe(0);
  });
});

describe('a stream', () => {
  const cancelled = (): Promise<number> =>
    server.metric('portico_requests_total', { model: 'vad', outcome: 'CANCELLED' });
  /** Many more sentences than are read before the stream is left. */
  const long = recording(500);

  test.each([
    ['whose loop is left', async (stream: AsyncGenerator) => void (await stream.return(undefined))],
    ['that is aborted', async (_stream: AsyncGenerator, controller: AbortController) => controller.abort()],
  ])("%s stops the server's work", async (_name, leave) => {
    await using client = await clientThrough(server, always(pass));
    const before = await cancelled();
    const controller = new AbortController();
    const stream = client.portico.vad.stream(long, {}, { signal: controller.signal });
    for (let items = 0; items < 3; items += 1) expect(await stream.next()).toMatchObject({ done: false });
    await leave(stream, controller);
    await expect.poll(() => server.metric('portico_in_flight', { model: 'vad' })).toBe(0);
    expect(await cancelled()).toBe(before + 1);
    expect(client.proxy.running()).toBe(0);
  });

  test("that is cut after an item is an error, stops the server's work, and is not retried", async () => {
    const where = { text: 'id: 2' };
    await using client = await clientThrough(server, always({ kind: 'cut', where }));
    const before = await cancelled();
    const stream = client.portico.vad.stream(long);
    expect(await stream.next()).toMatchObject({ done: false });
    const end = (async () => {
      while ((await stream.next()).done !== true);
    })();
    await expect(end).rejects.toMatchObject({ code: 'NETWORK', retryable: true });
    await expect.poll(cancelled).toBe(before + 1);
    expect(client.proxy.seen).toHaveLength(1);
  });

  test('that is never read is never sent', async () => {
    await using client = await clientThrough(server, always(pass));
    await client.portico.vad.stream(long).return(undefined as never);
    await sleep(50);
    expect(client.proxy.seen).toHaveLength(0);
  });
});
