import { afterAll, beforeAll, expect, it } from 'vitest';
import { RawConnection } from '../doors/support/raw-connection.ts';
import { ask } from '../harness/ask.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';

const mebibyte = 1024 * 1024;
/** Blanks before a JSON value belong to it. */
const body = JSON.stringify({ input: { value: 7 } }).padStart(mebibyte);
const announced = { 'content-type': 'application/json', 'content-length': mebibyte };
const places = 3;

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'rows,crash', MAX_UPLOAD_MB: '1', MAX_INFLIGHT_MB: String(places) });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const held = (bytes: number): Promise<true> =>
  eventually(async () => ((await metric(server, 'portico_upload_bytes')) === bytes ? true : undefined));

it('of many slow uploads only as many are let in as there is memory for, and the rest is refused by its headers', async () => {
  const open = (count: number): Promise<RawConnection[]> =>
    Promise.all(Array.from({ length: count }, () => RawConnection.open(server.port)));
  const slow = await open(places);
  for (const connection of slow) connection.request('POST /rows', announced, body.slice(0, 1_000));
  await held(places * mebibyte);

  const late = await open(20);
  for (const connection of late) connection.request('POST /rows', announced);
  const refusals = await Promise.all(late.map((connection) => connection.answer()));
  expect(refusals.map(({ status }) => status)).toEqual(late.map(() => 503));
  expect(refusals.every(({ headers }) => headers['retry-after'] === '1')).toBe(true);
  expect(await metric(server, 'portico_upload_bytes')).toBe(places * mebibyte);

  for (const connection of slow) connection.socket.write(body.slice(1_000));
  const answers = await Promise.all(slow.map((connection) => connection.answer()));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  await held(0);
  for (const connection of [...slow, ...late]) connection[Symbol.dispose]();
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
