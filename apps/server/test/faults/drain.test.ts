import { once } from 'node:events';
import { expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { measured } from '../harness/measured.ts';
import { metric } from '../harness/metric.ts';
import { alive, childrenOf } from '../harness/process-facts.ts';
import { eventsOf, type ServerSentEvent } from '../doors/support/events.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';

const begun = (server: ServerProcess) =>
  eventually(async () => ((await metric(server, 'portico_batch_size_count')) > 0 ? true : undefined));

/** Sends the signal and returns what the server exits with, and the processes it leaves. */
async function ended(server: ServerProcess, signal: NodeJS.Signals) {
  const children = (await childrenOf(server.child.pid ?? 0)).map(({ pid }) => pid);
  expect(children.length).toBeGreaterThan(0);
  const exit = once(server.child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  server.child.kill(signal);
  return {
    exit,
    left: () => eventually(async () => ((await alive(children)).length === 0 ? true : undefined)),
  };
}

it('SIGTERM turns readiness off, serves on for the drain, finishes what is under way and leaves nothing', async () => {
  await using server = await startServer({ MODEL_NAME: 'rows', DRAIN_SECONDS: '3' });
  await server.ready();
  const underWay = ask(server, 'rows', { value: 1, milliseconds: 4_000 });
  await begun(server);
  const { exit, left } = await ended(server, 'SIGTERM');
  await eventually(async () => {
    const { status, headers } = await fetch(`${server.url}/ready`);
    return status === 503 && headers.get('connection') === 'close' ? true : undefined;
  });
  // It waits behind the run that is under way, and is served although the drain ends meanwhile.
  const late = ask(server, 'rows', { value: 2 });
  expect((await underWay).body['value']).toBe(1);
  expect((await late).body['value']).toBe(2);
  expect(await exit).toEqual([0, null]);
  await left();
});

it('SIGTERM ends also with a run that never would', async () => {
  await using server = await startServer({ MODEL_NAME: 'loop', INFER_TIMEOUT_SECONDS: '2' });
  await server.ready();
  const endless = ask(server, 'loop', { turns: 1e15 });
  await begun(server);
  const startedAt = performance.now();
  const { exit, left } = await ended(server, 'SIGTERM');
  expect((await endless).status).toBe(504);
  expect(await exit).toEqual([0, null]);
  measured('from SIGTERM to the exit with a hung run of 2 s', performance.now() - startedAt);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  await left();
});

it('a second signal ends at once', async () => {
  await using server = await startServer({ MODEL_NAME: 'loop', DRAIN_SECONDS: '60' });
  await server.ready();
  const endless = ask(server, 'loop', { turns: 1e15 }).catch(() => undefined);
  await begun(server);
  const { exit, left } = await ended(server, 'SIGTERM');
  await server.logged(({ signal }) => signal === 'SIGTERM');
  const startedAt = performance.now();
  server.child.kill('SIGTERM');
  expect(await exit).toEqual([1, null]);
  await left();
  measured('from the second signal to the last process', performance.now() - startedAt);
  await endless;
});

it('a stream that would go on is ended with an event when SHUTDOWN_TIMEOUT_SECONDS pass', async () => {
  await using server = await startServer({ MODEL_NAME: 'count', SHUTDOWN_TIMEOUT_SECONDS: '2' });
  await server.ready();
  const stream = await fetch(`${server.url}/count`, {
    method: 'POST',
    body: JSON.stringify({ input: { to: 1_000_000, milliseconds: 20 } }),
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
  });
  const startedAt = performance.now();
  const { exit, left } = await ended(server, 'SIGTERM');
  const events: ServerSentEvent[] = [];
  for await (const event of eventsOf(stream)) events.push(event);
  expect(events.at(-1)).toMatchObject({ event: 'error', data: { code: 'NOT_READY', status: 503 } });
  expect(await exit).toEqual([0, null]);
  measured('from SIGTERM to the exit with an endless stream and 2 s for the shutdown', performance.now() - startedAt);
  // Without the bound it would be a minute.
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  await left();
});
