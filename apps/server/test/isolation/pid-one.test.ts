import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { explainSkip, measured } from '../harness/measured.ts';
import { alive, childrenOf } from '../harness/process-facts.ts';
import { eventually, startServer } from '../harness/server-process.ts';

/** A pid namespace with its own /proc, as a container has. */
const asPidOne = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
const [command = '', ...parameters] = asPidOne;
const attempt = spawnSync(command, [...parameters, 'true'], { encoding: 'utf8' });
const probeFailure =
  attempt.status === 0
    ? undefined
    : `the gateway as pid 1: ${attempt.error?.message ?? attempt.stderr.trim()} (needs root and util-linux)`;
if (probeFailure !== undefined) explainSkip(probeFailure);

/** Longer than an engine takes to notice that its gateway has ended. */
const noticedMs = 1_000;

it.skipIf(probeFailure !== undefined)(
  'with the gateway as pid 1 its engines live as long as it does, and no longer',
  async () => {
    await using server = await startServer({ MODEL_NAME: 'dense' }, asPidOne);
    await server.ready();
    const [gateway] = await childrenOf(server.child.pid ?? 0);
    if (gateway === undefined) throw new Error('there is no gateway');
    const engines = (await childrenOf(gateway.pid)).filter(({ command }) => command.includes('/engine/main'));
    expect(engines).toHaveLength(1);

    await sleep(noticedMs);
    expect((await ask(server, 'dense', { value: 1 })).status).toBe(200);
    const pids = engines.map(({ pid }) => pid);
    expect(await alive(pids)).toEqual(pids);

    process.kill(gateway.pid, 'SIGKILL');
    const killedAt = performance.now();
    await eventually(async () => ((await alive(pids)).length === 0 ? true : undefined));
    measured('engines outlive a killed gateway that was pid 1', performance.now() - killedAt);
  },
);
