import { expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { dense } from '../drain/support/doors.ts';
import { ask } from '../harness/ask.ts';
import { measured } from '../harness/measured.ts';
import { alive } from '../harness/process-facts.ts';
import { eventually, startServer } from '../harness/server-process.ts';
import { clients } from './support/clients.ts';

const rounds = 5;
const deadlineSeconds = 2;
/** The promise is 100 ms; the bound allows for a machine that is busy with other things. */
const latenessBound = 1_500;
/** What the promise allows on top of kill and load, and the same allowance. */
const restBound = 500 + 1_500;
const neverEnds = { turns: 1e15 };

it('a hung run', { timeout: 120_000 }, async () => {
  await using server = await startServer({
    MODEL_NAME: 'loop,dense',
    INFER_TIMEOUT_SECONDS: String(deadlineSeconds),
    LOG_LEVEL: 'info',
  });
  await server.ready();
  const other = clients(server.url, dense);
  const loads = (): number[] =>
    server.log.flatMap(({ model, milliseconds }) =>
      model === 'loop' && typeof milliseconds === 'number' ? [milliseconds] : [],
    );
  for (let round = 0; round < rounds; round += 1) {
    const [engine = 0] = (await server.engines()).toSorted((one, next) => (round === 0 ? one - next : next - one));
    const { status, body, milliseconds } = await ask(server, 'loop', neverEnds);
    const answeredAt = performance.now();
    expect([status, body['code']]).toEqual([504, 'TIMEOUT']);
    measured('504 after the deadline', milliseconds - deadlineSeconds * 1_000);
    expect(milliseconds - deadlineSeconds * 1_000).toBeLessThan(latenessBound);

    const again = ask(server, 'loop', { turns: 1 });
    await eventually(async () => ((await alive([engine])).length === 0 ? true : undefined));
    const killMs = performance.now() - answeredAt;
    expect((await again).status).toBe(200);
    const awayMs = performance.now() - answeredAt;
    await eventually(async () => (loads().length === round + 2 ? true : undefined));
    const loadMs = loads().at(-1) ?? 0;
    measured('from the 504 to the end of the engine', killMs);
    measured('load of its successor, process start included', loadMs);
    measured('from the 504 to the next 200', awayMs);
    expect(awayMs - killMs - loadMs).toBeLessThan(restBound);
  }
  await sleep(500);
  await other.stop();
  measured('slowest answer of the other model', other.slowestMs);
  expect(Object.keys(other.outcomes)).toEqual(['200']);
  expect(other.outcomes['200']).toBeGreaterThan(100);
});
