import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { measured } from '../harness/measured.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';
import { type Traffic, traffic } from '../harness/traffic.ts';

let server: ServerProcess;
let others: Traffic;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'rows,dense' });
  await server.ready();
  others = traffic(server, 'dense', { value: 1 });
});
afterAll(async () => {
  await others.stop();
  await server[Symbol.asyncDispose]();
});

const inFlight = () => metric(server, 'portico_in_flight', { model: 'rows' });
async function engineOfRows(): Promise<number> {
  const { body } = await ask(server, 'rows', { value: 0 });
  // The answer comes a moment before the end of its run.
  await eventually(async () => ((await inFlight()) === 0 ? true : undefined));
  return Number(body['pid']);
}
const crashes = () => metric(server, 'portico_replica_restarts_total', { model: 'rows', reason: 'crash' });
const begun = () => eventually(async () => ((await inFlight()) > 0 ? true : undefined));

describe('an engine killed in the middle of a run', () => {
  it('costs its client only time', async () => {
    const pid = await engineOfRows();
    const answer = ask(server, 'rows', { value: 7, milliseconds: 1_000 });
    await begun();
    process.kill(pid, 'SIGKILL');
    const killedAt = performance.now();
    const { status, body } = await answer;
    measured(
      'from a SIGKILL to the answer of the run it interrupted, whose work takes 1000 ms',
      performance.now() - killedAt,
    );
    expect([status, body['value']]).toEqual([200, 7]);
    expect(body['pid']).not.toBe(pid);
  });

  it('a second time while running the same input fails it', async () => {
    const first = await engineOfRows();
    const before = await crashes();
    const others = new Set((await server.engines()).filter((pid) => pid !== first));
    const answer = ask(server, 'rows', { value: 7, how: 'wait' });
    for (let crash = 0; crash < 2; crash++) {
      await begun();
      const pid = (await server.engines()).find((engine) => !others.has(engine));
      if (pid === undefined) throw new Error('there is no engine');
      process.kill(pid, 'SIGKILL');
      await eventually(async () => ((await server.engines()).includes(pid) ? undefined : true));
      await eventually(async () => ((await crashes()) > before + crash ? true : undefined));
    }
    const { status, body, headers } = await answer;
    expect([status, body['code'], headers.get('retry-after')]).toEqual([503, 'ENGINE_CRASHED', null]);
    await engineOfRows();
  });
});

describe('an input that crashes every engine', () => {
  it.each(['abort', 'exit', 'fault', 'babble', 'leave the wire'])('fails after the second: %s', async (how) => {
    const before = await crashes();
    const { status, body } = await ask(server, 'rows', { value: 1, how, milliseconds: 1_000 });
    expect([status, body['code']]).toEqual([503, 'ENGINE_CRASHED']);
    expect(await crashes()).toBe(before + 2);
    expect((await ask(server, 'rows', { value: 2 })).body['value']).toBe(2);
  });

  it('says in the log what the engine did wrong', async () => {
    const said = server.log.map(({ msg }) => String(msg)).filter((line) => line.includes('(crash)'));
    for (const what of ['The engine broke the protocol: Not a frame', 'exited with code 0', 'ended by SIGSEGV']) {
      expect(said).toContainEqual(expect.stringContaining(what));
    }
  });

  it('fails as soon when a process that the engine started lives on', async () => {
    const { milliseconds, body } = await ask(server, 'rows', { value: 1, how: 'spawn and exit' });
    expect(body['code']).toBe('ENGINE_CRASHED');
    expect(milliseconds).toBeLessThan(15_000);
    await engineOfRows();
  });

  it('does not fail those it is batched with', async () => {
    const pid = await engineOfRows();
    const opener = ask(server, 'rows', { value: 0, how: 'wait' });
    await begun();
    const batch = [1, 2, 3, 4].map((value) => ask(server, 'rows', { value, how: value === 3 ? 'abort' : 'answer' }));
    await eventually(async () =>
      (await metric(server, 'portico_queue_depth', { model: 'rows' })) === 4 ? true : undefined,
    );
    process.kill(pid, 'SIGUSR2');
    const replies = await Promise.all(batch);
    expect(replies.map(({ status, body }) => [status, body['value'] ?? body['code']])).toEqual([
      [200, 1],
      [200, 2],
      [503, 'ENGINE_CRASHED'],
      [200, 4],
    ]);
    // The batch crashed as one, so each of its inputs ran alone.
    expect(replies.filter(({ status }) => status === 200).map(({ body }) => body['batch'])).toEqual([1, 1, 1]);
    expect((await opener).status).toBe(200);
  });

  it('does not stop the traffic around it', async () => {
    const answers: Promise<number>[] = [];
    for (let value = 0; value < 40; value++) {
      const how = value % 10 === 5 ? 'abort' : 'answer';
      answers.push(ask(server, 'rows', { value, how }).then(({ status }) => status));
      await sleep(20);
    }
    const statuses = await Promise.all(answers);
    expect(statuses.filter((status) => status === 503)).toHaveLength(4);
    expect(statuses.filter((status) => status === 200)).toHaveLength(36);
  });
});

it('another model notices nothing of all this', async () => {
  const replies = await others.stop();
  expect(replies.length).toBeGreaterThan(100);
  expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
});
