import { defectDetail } from '@portico/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';
import { postJson, problemOf, refusal } from './support/asking.ts';
import { metricsOf } from './support/metrics.ts';
import { RawConnection } from './support/raw-connection.ts';

let server: ServerProcess;

beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'crash,loop,dense', MAX_QUEUE: '2', REPLICA_MEMORY_MB: '4000' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const crash = (how: string, milliseconds = 0, headers: Record<string, string> = {}): Promise<Response> =>
  postJson(`${server.url}/crash`, { input: { how, milliseconds } }, headers);
const metrics = () => metricsOf(server.url);
const becomes = (gauge: string, model: string, value: number): Promise<true> =>
  eventually(async () => ((await metrics()).value(gauge, { model }) === value ? true : undefined));

describe('500 INTERNAL', () => {
  it.each(['throw', 'break the contract'])('keeps its message to itself when a model does this: %s', async (how) => {
    const problem = await problemOf(await crash(how));
    expect(problem).toMatchObject({ status: 500, code: 'INTERNAL', detail: defectDetail });
    expect((await crash('answer')).status).toBe(200);
  });

  it('leaves the message in the log, where the request id finds its line', async () => {
    const response = await crash('throw');
    const id = response.headers.get('x-request-id');
    await server.logged((line) => JSON.stringify(line).includes('a secret that must not leave the process'));
    expect(await server.logged((line) => line['requestId'] === id && 'status' in line)).toMatchObject({
      status: 500,
      code: 'INTERNAL',
    });
  });
});

describe('503', () => {
  it('is OUT_OF_MEMORY, worth another try, when a run finds no memory', async () => {
    const response = await crash('run out of memory');
    expect(await refusal(response)).toEqual({ status: 503, code: 'OUT_OF_MEMORY' });
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is ENGINE_CRASHED, which is not retryable, when the engine crashes twice while running an input', async () => {
    const response = await crash('abort');
    expect(await refusal(response)).toEqual({ status: 503, code: 'ENGINE_CRASHED' });
    expect(response.headers.has('retry-after')).toBe(false);
    await eventually(async () => ((await crash('answer')).status === 200 ? true : undefined));
  });

  it('is OVERLOADED with Retry-After when the queue is full, before the body is read', async () => {
    const busy = [crash('answer', 2_500)];
    await becomes('portico_in_flight', 'crash', 1);
    for (const depth of [1, 2]) {
      busy.push(crash('answer'));
      await becomes('portico_queue_depth', 'crash', depth);
    }
    const response = await crash('answer');
    expect(await refusal(response)).toEqual({ status: 503, code: 'OVERLOADED' });
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    using connection = await RawConnection.open(server.port);
    connection.request('POST /crash', { 'content-type': 'application/json', 'content-length': 100 });
    expect((await connection.answer()).status).toBe(503);
    expect((await postJson(`${server.url}/dense`, { input: { value: 1 } })).status).toBe(200);
    expect((await Promise.all(busy)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe('504 TIMEOUT', () => {
  it('comes at the deadline of the client, and ends no engine by itself', async () => {
    const engine = await eventually(async () => {
      const response = await crash('answer');
      return response.ok ? ((await response.json()) as { pid: number }).pid : undefined;
    });
    const startedAt = performance.now();
    const response = await crash('answer', 600, { 'x-timeout-seconds': '0.2' });
    expect(await refusal(response)).toEqual({ status: 504, code: 'TIMEOUT' });
    // Long before the run has ended.
    expect(performance.now() - startedAt).toBeLessThan(590);
    expect(await (await crash('answer')).json()).toEqual({ pid: engine });
  });

  it('comes also in the queue, and the request that keeps the engine busy goes on', async () => {
    const long = postJson(`${server.url}/loop`, { input: { turns: 2_500_000 } });
    await becomes('portico_in_flight', 'loop', 1);
    // Longer than a slow warm-up makes the gateway expect to wait, or it would be rejected at admission.
    const waiting = postJson(`${server.url}/loop`, { input: { turns: 1 } }, { 'x-timeout-seconds': '0.5' });
    expect(await refusal(await waiting)).toEqual({ status: 504, code: 'TIMEOUT' });
    expect((await long).status).toBe(200);
  });
});

describe('GET /metrics after all that', () => {
  it('has counted every end and every restart', async () => {
    const found = await metrics();
    const requests = (outcome: string): number =>
      found.value('portico_requests_total', { model: 'crash', outcome }) ?? 0;
    expect(requests('INTERNAL')).toBe(3);
    expect(requests('OUT_OF_MEMORY')).toBe(1);
    expect(requests('ENGINE_CRASHED')).toBe(1);
    expect(requests('OVERLOADED')).toBe(2);
    expect(requests('TIMEOUT')).toBe(1);
    expect(requests('ok')).toBeGreaterThan(0);
    expect(found.value('portico_rejected_total', { model: 'crash', reason: 'queue-full' })).toBe(2);
    expect(found.value('portico_replica_restarts_total', { model: 'crash', reason: 'crash' })).toBe(2);
    expect(found.value('portico_requests_total', { model: 'dense', outcome: 'ok' })).toBe(1);
  });
});
