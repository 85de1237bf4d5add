import { afterAll, beforeAll, expect, it } from 'vitest';
import { RawConnection } from '../doors/support/raw-connection.ts';
import { ask } from '../harness/ask.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';

const mebibyte = 1024 * 1024;
/** Blanks before a JSON value belong to it. */
const body = JSON.stringify({ input: { value: 7 } }).padStart(mebibyte);
const announced = { 'content-type': 'application/json', 'content-length': mebibyte };

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'rows,crash', MAX_UPLOAD_MB: '1', MAX_INFLIGHT_MB: '3' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const held = (bytes: number): Promise<true> =>
  eventually(async () => ((await metric(server, 'portico_upload_bytes')) === bytes ? true : undefined));

const open = (count: number): Promise<RawConnection[]> =>
  Promise.all(Array.from({ length: count }, () => RawConnection.open(server.port)));

it('announcements take no memory: of many slow uploads each holds what has arrived, and others are served beside them', async () => {
  const slow = await open(40);
  for (const connection of slow) connection.request('POST /rows', announced, body.slice(0, 1_000));
  await held(40_000);
  for (let turn = 0; turn < 5; turn += 1) expect((await ask(server, 'rows', { value: turn })).status).toBe(200);
  for (const connection of slow) connection[Symbol.dispose]();
  await held(0);
});

it('uploads that stop just before their end give way when memory is short, and are told', async () => {
  const stopped = await open(3);
  for (const connection of stopped) connection.request('POST /rows', announced, body.slice(0, 700 * 1024));
  await held(3 * 700 * 1024);
  const next = await eventually(async () => {
    const response = await fetch(`${server.url}/rows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const problem = (await response.json()) as { code?: string };
    if (response.status === 200) return problem;
    expect(problem.code).toBe('OVERLOADED');
    const retryAfter = Number(response.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThanOrEqual(1);
    expect(retryAfter).toBeLessThanOrEqual(10);
    return undefined;
  });
  expect(next).toMatchObject({ value: 7 });
  const told = await eventually(async () => stopped.find(({ received }) => received.includes('408')));
  const { body: problem } = await told.answer();
  expect(JSON.parse(problem)).toMatchObject({ code: 'REQUEST_TIMEOUT', detail: expect.stringContaining('memory') });
  for (const connection of stopped) connection[Symbol.dispose]();
  await held(0);
});

it('an upload that could not be answered by its deadline is refused by its headers, and takes no memory', async () => {
  const input = { how: 'answer', milliseconds: 1_500 };
  // So the server knows what a run takes.
  for (let turn = 0; turn < 2; turn++) expect((await ask(server, 'crash', input)).status).toBe(200);
  const running = ask(server, 'crash', input);
  await eventually(async () =>
    (await metric(server, 'portico_in_flight', { model: 'crash' })) === 1 ? true : undefined,
  );
  using connection = await RawConnection.open(server.port);
  connection.request('POST /crash', { ...announced, 'x-timeout-seconds': '1' });
  const { status, headers, body: problem } = await connection.answer();
  expect([status, (JSON.parse(problem) as { code: string }).code]).toEqual([503, 'OVERLOADED']);
  expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
  expect(Number(headers['retry-after'])).toBeLessThanOrEqual(2);
  expect(await metric(server, 'portico_rejected_total', { model: 'crash', reason: 'deadline' })).toBe(1);
  expect((await running).status).toBe(200);
});
