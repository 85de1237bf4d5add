import { expect, it } from 'vitest';
import { RawConnection } from '../doors/support/raw-connection.ts';
import { metric } from '../harness/metric.ts';
import { eventually, startServer } from '../harness/server-process.ts';
import { cleanly, end } from './support/ending.ts';
import { refusesConnections } from './support/refuses.ts';

const question = (value: number, milliseconds = 0): string => JSON.stringify({ input: { value, milliseconds } });

const send = (connection: RawConnection, body: string): void =>
  connection.request('POST /rows', { 'content-type': 'application/json', 'content-length': body.length }, body);

it.each(['SIGTERM', 'SIGINT'] as const)(
  'after %s readiness says why it is off, and kept and new connections are served, each for one more request',
  { timeout: 60_000 },
  async (signal) => {
    await using server = await startServer({ MODEL_NAME: 'rows', DRAIN_SECONDS: '3' });
    await server.ready();
    using kept = await RawConnection.open(server.port);
    send(kept, question(1));
    expect(await kept.answer()).toMatchObject({ status: 200, headers: { connection: 'keep-alive' } });

    const ending = end(server, signal);
    await server.logged((line) => line['signal'] === signal);
    using probe = await RawConnection.open(server.port);
    probe.request('GET /ready');
    const { status, headers, body } = await probe.answer();
    expect({ status, connection: headers['connection'] }).toEqual({ status: 503, connection: 'close' });
    expect(JSON.parse(body)).toMatchObject({
      status: 'not ready',
      detail: 'The server is draining.',
      models: [{ name: 'rows', replicas: { ready: 1 } }],
    });

    using fresh = await RawConnection.open(server.port);
    for (const [connection, value] of [
      [kept, 2],
      [fresh, 3],
    ] as const) {
      send(connection, question(value));
      const answer = await connection.answer();
      expect(answer).toMatchObject({ status: 200, headers: { connection: 'close' } });
      expect(JSON.parse(answer.body)).toMatchObject({ value });
      await connection.closed();
    }
    const { milliseconds, ...exit } = await ending;
    expect(exit).toEqual(cleanly);
    expect(milliseconds).toBeGreaterThanOrEqual(2_990);
  },
);

it(
  'what runs and what is queued when the drain ends is answered, while no new request is accepted',
  { timeout: 60_000 },
  async () => {
    await using server = await startServer({ MODEL_NAME: 'rows', DRAIN_SECONDS: '0.3' });
    await server.ready();
    using first = await RawConnection.open(server.port);
    send(first, question(1, 5_000));
    // What comes before the engine has begun with the first would join its run.
    await eventually(async () => ((await metric(server, 'portico_batch_size_count')) === 1 ? true : undefined));
    using second = await RawConnection.open(server.port);
    send(second, question(2));
    await eventually(async () => ((await metric(server, 'portico_queue_depth')) === 1 ? true : undefined));

    const ending = end(server);
    await refusesConnections(server);
    expect(first.received + second.received).toBe('');
    for (const [connection, value] of [
      [first, 1],
      [second, 2],
    ] as const) {
      const answer = await connection.answer();
      expect(answer).toMatchObject({ status: 200, headers: { connection: 'close' } });
      expect(JSON.parse(answer.body)).toMatchObject({ value });
    }
    expect(await ending).toMatchObject(cleanly);
  },
);

it('an upload that the drain overtakes is read to its end and answered', async () => {
  await using server = await startServer({ MODEL_NAME: 'rows', DRAIN_SECONDS: '0.3' });
  await server.ready();
  const body = question(7);
  using slow = await RawConnection.open(server.port);
  slow.request('POST /rows', { 'content-type': 'application/json', 'content-length': body.length }, body.slice(0, 9));
  const ending = end(server);
  await refusesConnections(server);
  slow.socket.write(body.slice(9));
  const answer = await slow.answer();
  expect(answer).toMatchObject({ status: 200, headers: { connection: 'close' } });
  expect(JSON.parse(answer.body)).toMatchObject({ value: 7 });
  expect(await ending).toMatchObject(cleanly);
});
