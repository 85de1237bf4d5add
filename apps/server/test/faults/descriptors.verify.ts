import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { explainSkip, measured } from '../harness/measured.ts';
import { childrenOf, descriptorsOf } from '../harness/process-facts.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';

const whyNoLimit = spawnSync('prlimit', ['--version']).error === undefined ? undefined : 'there is no prlimit';
if (whyNoLimit !== undefined) explainSkip(`a gateway without descriptors: ${whyNoLimit}`);

const crashes = 20;

let server: ServerProcess;
let gateway: number;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'dense' });
  await server.ready();
  gateway = server.child.pid ?? 0;
});
afterAll(() => server[Symbol.asyncDispose]());

/** Ends the engine and returns once its successor answers. */
async function replaceEngine(): Promise<void> {
  const [engine] = await server.engines();
  if (engine === undefined) throw new Error('there is no engine');
  process.kill(engine, 'SIGKILL');
  await eventually(async () => ((await server.engines()).includes(engine) ? undefined : true));
  expect((await ask(server, 'dense', { value: 1 })).status).toBe(200);
}

it('the exit of an engine leaves no descriptor open in the gateway, and no zombie', async () => {
  await replaceEngine();
  const before = (await descriptorsOf(gateway)).length;
  const startedAt = performance.now();
  for (let crash = 0; crash < crashes; crash++) await replaceEngine();
  measured(
    'from the exit of an engine to an output of the next, on average',
    (performance.now() - startedAt) / crashes,
  );
  await eventually(async () => ((await descriptorsOf(gateway)).length <= before ? true : undefined));
  expect((await childrenOf(gateway)).filter(({ zombie }) => zombie)).toEqual([]);
  expect(await server.engines()).toHaveLength(1);
});

it.skipIf(whyNoLimit !== undefined)(
  'a gateway that has no descriptor left for a new engine lives on, and gets one later',
  async () => {
    const limit = (descriptors: string) => execFileSync('prlimit', [`--pid=${gateway}`, `--nofile=${descriptors}`]);
    const [engine] = await server.engines();
    if (engine === undefined) throw new Error('there is no engine');
    limit(`${(await descriptorsOf(gateway)).length}:4096`);
    process.kill(engine, 'SIGKILL');
    await server.logged(({ msg }) => String(msg).includes('The engine could not be started'));
    expect(server.child.exitCode).toBeNull();
    limit('4096:4096');
    await eventually(async () => ((await ask(server, 'dense', { value: 1 })).status === 200 ? true : undefined));
  },
);
