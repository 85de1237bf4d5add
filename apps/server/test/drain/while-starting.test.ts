import { expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { metric } from '../harness/metric.ts';
import { eventually, startServer } from '../harness/server-process.ts';
import { cleanly, end } from './support/ending.ts';

/** A drain would take longer, and has no purpose where readiness never was on. */
const environment = { DRAIN_SECONDS: '60' };
const promptly = 15_000;

it('SIGTERM as soon as the port is open ends the server at once', async () => {
  await using server = await startServer({ ...environment, MODEL_NAME: 'loading:waits' });
  const { milliseconds, ...exit } = await end(server);
  expect(exit).toEqual(cleanly);
  expect(milliseconds).toBeLessThan(promptly);
});

it.each(['waits', 'blocks'])('SIGTERM during a load that %s for ever ends the server at once', async (variant) => {
  await using server = await startServer({ ...environment, MODEL_NAME: `loading:${variant}` });
  await server.logged((line) => line['msg'] === 'loading: loading on cpu');
  const { milliseconds, ...exit } = await end(server);
  expect(exit).toEqual(cleanly);
  expect(milliseconds).toBeLessThan(promptly);
});

it('what a model answers while another still loads is finished first', async () => {
  await using server = await startServer({ ...environment, MODEL_NAME: 'rows,loading:waits' });
  await server.logged((line) => line['msg'] === 'rows: a replica is ready');
  const reply = ask(server, 'rows', { value: 5, milliseconds: 1_500 });
  await eventually(async () => ((await metric(server, 'portico_in_flight')) === 1 ? true : undefined));
  const { milliseconds, ...exit } = await end(server);
  expect((await reply).body['value']).toBe(5);
  expect(exit).toEqual(cleanly);
  expect(milliseconds).toBeLessThan(promptly);
});
