import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelList } from '@portico/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metric } from '../harness/metric.ts';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { postJson, problemOf, refusal } from './support/asking.ts';
import { eventsOf, type ServerSentEvent } from './support/events.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'count,draw' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const asEvents = { accept: 'text/event-stream' };
const count = (input: object, headers: Record<string, string> = asEvents, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}/count`, {
    method: 'POST',
    body: JSON.stringify({ input }),
    headers: { 'content-type': 'application/json', ...headers },
    ...init,
  });

async function all(response: Response): Promise<ServerSentEvent[]> {
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const events: ServerSentEvent[] = [];
  for await (const event of eventsOf(response)) events.push(event);
  return events;
}

describe('a streaming task, asked for events', () => {
  it('sends its items and then its result, counted', async () => {
    const response = await count({ to: 3 });
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await all(response)).toEqual([
      { id: '1', event: 'item', data: { number: 1 } },
      { id: '2', event: 'item', data: { number: 2 } },
      { id: '3', event: 'item', data: { number: 3 } },
      { id: '4', event: 'result', data: { count: 3, pid: expect.any(Number) } },
    ]);
  });

  it('sends each item when it is known, not at the end', async () => {
    const startedAt = performance.now();
    const times: number[] = [];
    for await (const _event of eventsOf(await count({ to: 3, milliseconds: 300 })))
      times.push(performance.now() - startedAt);
    expect(times).toHaveLength(4);
    const [first = 0, , , last = 0] = times;
    expect(last - first).toBeGreaterThan(500);
  });

  it('sends the result alone where there are no items', async () => {
    expect(await all(await count({ to: 0 }))).toMatchObject([{ id: '1', event: 'result', data: { count: 0 } }]);
  });

  it('answers JSON to who does not ask for events, whichever is liked best', async () => {
    for (const accept of ['application/json', '*/*', 'text/event-stream;q=0.5, application/json']) {
      const response = await count({ to: 3 }, { accept });
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(await response.json()).toMatchObject({ count: 3 });
    }
    expect(
      (await count({ to: 3 }, { accept: 'application/json;q=0.5, text/event-stream' })).headers.get('content-type'),
    ).toContain('text/event-stream');
  });

  it('fails with a status of its own before the first event', async () => {
    expect(await refusal(await count({ to: 3, failAt: 1 }))).toEqual({ status: 400, code: 'BAD_INPUT' });
    expect(await refusal(await count({ to: -1 }))).toMatchObject({ status: 422, code: 'INVALID_PARAMETERS' });
    expect(
      await refusal(await count({ to: 1, milliseconds: 5_000 }, { ...asEvents, 'x-timeout-seconds': '0.2' })),
    ).toEqual({
      status: 504,
      code: 'TIMEOUT',
    });
  });

  it('fails with an event after the first', async () => {
    const before = await metric(server, 'portico_requests_total', { model: 'count', outcome: 'BAD_INPUT' });
    const response = await count({ to: 3, failAt: 3 });
    const events = await all(response);
    expect(events.map(({ event }) => event)).toEqual(['item', 'item', 'error']);
    expect(events[2]?.data).toMatchObject({
      status: 400,
      code: 'BAD_INPUT',
      requestId: response.headers.get('x-request-id'),
    });
    expect(await metric(server, 'portico_requests_total', { model: 'count', outcome: 'BAD_INPUT' })).toBe(before + 1);
  });

  it('has a deadline for each next event, not for all of them', async () => {
    const patient = { ...asEvents, 'x-timeout-seconds': '1' };
    expect(await all(await count({ to: 4, milliseconds: 400 }, patient))).toHaveLength(5);
  });

  it('continues where it was when the engine crashes', async () => {
    const marker = join(tmpdir(), `portico-${randomUUID()}`);
    const events = await all(await count({ to: 5, milliseconds: 20, crashAt: 4, marker }));
    expect(events.map(({ event, data }) => (event === 'item' ? (data as { number: number }).number : event))).toEqual([
      1,
      2,
      3,
      4,
      5,
      'result',
    ]);
  });

  it('says why it cannot continue when the engine crashes twice', async () => {
    const events = await all(await count({ to: 5, milliseconds: 20, crashAt: 4 }));
    expect(events.at(-1)).toMatchObject({ event: 'error', data: { code: 'ENGINE_CRASHED', status: 503 } });
    expect(events.filter(({ event }) => event === 'item')).toHaveLength(3);
    await server.ready();
  });

  it('stops the work when the client leaves, and spares the engine', async () => {
    const pidOf = async (): Promise<number> => ((await (await count({ to: 0 }, {})).json()) as { pid: number }).pid;
    const pid = await pidOf();
    const ended = await metric(server, 'portico_requests_total', { model: 'count', outcome: 'CANCELLED' });
    const leaving = new AbortController();
    const response = await count({ to: 10_000, milliseconds: 20 }, asEvents, { signal: leaving.signal });
    const events = eventsOf(response);
    // Long enough for a run without listeners to have been killed at once.
    for (let received = 0; received < 60; received++) await events.next();
    leaving.abort();
    await events.next().catch(() => {});
    await expect.poll(() => metric(server, 'portico_in_flight', { model: 'count' })).toBe(0);
    expect(await pidOf()).toBe(pid);
    expect(await metric(server, 'portico_requests_total', { model: 'count', outcome: 'CANCELLED' })).toBe(ended + 1);
  });

  it('stops for a client that does not read, and says so once it does', async () => {
    const response = await count({ to: 2_000, milliseconds: 1, filler: 100_000 });
    await expect.poll(() => metric(server, 'portico_in_flight', { model: 'count' }), { timeout: 10_000 }).toBe(0);
    const text = await response.text();
    expect(text.slice(text.lastIndexOf('event: '))).toContain('"code":"REQUEST_TIMEOUT"');
    expect(text.length).toBeLessThan(50_000_000);
  });
});

it('what no task answers is refused with what there is', async () => {
  const problem = await problemOf(await count({ to: 3 }, { accept: 'text/html' }));
  expect(problem).toMatchObject({
    status: 406,
    detail: 'count responds with application/json or text/event-stream only.',
  });
  expect(await refusal(await postJson(`${server.url}/draw`, {}, asEvents))).toMatchObject({ status: 406 });
});

it('GET /models and the OpenAPI document describe the events', async () => {
  const { models } = ModelList.parse(await (await fetch(`${server.url}/models`)).json());
  expect(models[0]).toMatchObject({
    name: 'count',
    answers: ['application/json', 'text/event-stream'],
    item: { type: 'object', properties: { number: { type: 'integer' } } },
  });
  expect(models[1]).toMatchObject({ name: 'draw', answers: ['application/json', 'image/png'], item: null });
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
    paths: Record<string, { post: { responses: Record<string, { content: object }> } }>;
  };
  const contents = (path: string): string[] => Object.keys(document.paths[path]?.post.responses['200']?.content ?? {});
  expect(contents('/count')).toEqual(['application/json', 'text/event-stream']);
  expect(contents('/draw')).toEqual(['application/json', 'image/png']);
});
