import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, type Reply } from '../harness/ask.ts';
import { measured } from '../harness/measured.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';
import { traffic } from '../harness/traffic.ts';

const practicallyForEver = { turns: 1e15 };
const runSeconds = 2;
/** The promise is 100 ms; the bound allows for a machine that is busy with other things. */
const latenessBound = 1_500;

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'loop,dense', INFER_TIMEOUT_SECONDS: String(runSeconds) });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Milliseconds by which an answer came after its deadline. */
function lateness(reply: Reply, deadlineSeconds: number): number {
  const late = reply.milliseconds - deadlineSeconds * 1_000;
  measured(`lateness of the 504 of a hung run with ${deadlineSeconds} s`, late);
  return late;
}

/** Waits until the model answers again, and returns how long that took. */
async function recovery(): Promise<number> {
  const startedAt = performance.now();
  await eventually(async () => ((await ask(server, 'loop', { turns: 5 })).status === 200 ? true : undefined));
  return performance.now() - startedAt;
}

it('a run that hangs is answered at the deadline and its replica replaced, and no other model notices', async () => {
  await using others = traffic(server, 'dense', { value: 1 });
  const before = await server.engines();
  // A deadline beyond the server's own is cut to it.
  const reply = await ask(server, 'loop', practicallyForEver, { timeoutSeconds: 100 });
  expect([reply.status, reply.body['code']]).toEqual([504, 'TIMEOUT']);
  expect(lateness(reply, runSeconds)).toBeLessThan(latenessBound);
  measured('from the 504 to the next answer of the same model: kill, load and run', await recovery());

  const after = await server.engines();
  expect(after.filter((pid) => before.includes(pid))).toHaveLength(1);
  expect(after).toHaveLength(2);
  const replies = await others.stop();
  expect(replies.length).toBeGreaterThan(20);
  expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
  measured('slowest answer of the other model meanwhile', Math.max(...replies.map((reply) => reply.milliseconds)));
});

it('a run that hangs and for which no client waits is ended before its timeout', async () => {
  const killed = () => metric(server, 'portico_replica_restarts_total', { model: 'loop', reason: 'abandoned' });
  const before = await killed();
  const startedAt = performance.now();
  const reply = await ask(server, 'loop', practicallyForEver, { timeoutSeconds: 0.3 });
  expect([reply.status, reply.body['code']]).toEqual([504, 'TIMEOUT']);
  expect(lateness(reply, 0.3)).toBeLessThan(latenessBound);
  await eventually(async () => ((await killed()) > before ? true : undefined));
  measured('from the start of a hung run with 0.3 s to its end', performance.now() - startedAt);
  await recovery();
});

it('so is one whose client has left', async () => {
  const killed = () => metric(server, 'portico_replica_restarts_total', { model: 'loop', reason: 'abandoned' });
  const before = await killed();
  const signal = AbortSignal.timeout(300);
  await expect(ask(server, 'loop', practicallyForEver, { signal })).rejects.toThrow('timeout');
  await eventually(async () => ((await killed()) > before ? true : undefined));
  await recovery();
  expect(await metric(server, 'portico_cancelled_total', { model: 'loop', stage: 'running' })).toBe(1);
});
