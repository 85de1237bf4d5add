import { setTimeout as sleep } from 'node:timers/promises';
import { getPriority } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { measured } from '../harness/measured.ts';
import { outOfMemoryScore, processorMs, threadsOf } from '../harness/process-facts.ts';
import { type ServerProcess, startServer } from '../harness/server-process.ts';

const niceness = 12;
const idleMs = 1_500;

let server: ServerProcess;
let gateway: number;
let engine: number;
beforeAll(async () => {
  // Two threads, so that there is a pool that could spin.
  server = await startServer({ MODEL_NAME: 'dense', THREADS: '2', ENGINE_NICE: String(niceness) });
  await server.ready();
  for (let value = 1; value <= 20; value++) await ask(server, 'dense', { value });
  gateway = server.child.pid ?? 0;
  [engine = 0] = await server.engines();
});
afterAll(() => server[Symbol.asyncDispose]());

it('with ENGINE_NICE every thread of an engine steps behind the gateway', async () => {
  const threads = await threadsOf(engine);
  expect(threads.length).toBeGreaterThan(5);
  expect(threads.filter(({ nice }) => nice !== niceness)).toEqual([]);
});

it('the gateway keeps the priority it was started with', async () => {
  expect(new Set((await threadsOf(gateway)).map(({ nice }) => nice))).toEqual(new Set([getPriority()]));
});

it('the kernel, out of memory, takes an engine before the gateway', async () => {
  expect(await outOfMemoryScore(engine)).toBeGreaterThan(await outOfMemoryScore(gateway));
});

it('an engine that has nothing to do takes no processor time: nothing spins', async () => {
  const before = await processorMs(engine);
  await sleep(idleMs);
  const taken = (await processorMs(engine)) - before;
  measured(`processor time of an idle engine in ${idleMs} ms`, taken);
  expect(taken).toBeLessThan(idleMs / 4);
});
