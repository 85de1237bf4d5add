import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { RawConnection } from '../../doors/support/raw-connection.ts';
import { rows } from '../../drain/support/doors.ts';
import { ask } from '../../harness/ask.ts';
import { metric } from '../../harness/metric.ts';
import { eventually, type ServerProcess } from '../../harness/server-process.ts';
import type { Row, Scene } from '../support/row.ts';

const leavers = 8;
const stayMs = 100;
/** More than the kernel keeps for a client that does not read. */
const longAnswer = 16_000_000;

const onRows = { model: 'rows', clients: rows };

function send(connection: RawConnection, input: object, missingBytes = 0): void {
  const body = JSON.stringify({ input });
  const length = body.length + missingBytes;
  connection.request('POST /rows', { 'content-type': 'application/json', 'content-length': length }, body);
}

/** Clients that come together, say something, stay for a moment and go without a word. */
async function leave({ server }: Scene, say: (connection: RawConnection) => void): Promise<void> {
  const connections = await Promise.all(Array.from({ length: leavers }, () => RawConnection.open(server.port)));
  for (const connection of connections) say(connection);
  await sleep(stayMs);
  for (const { socket } of connections) socket.destroy();
}

const cancelled = (server: ServerProcess, stage: string, count: number): Promise<true> =>
  eventually(async () =>
    (await metric(server, 'portico_cancelled_total', { model: 'rows', stage })) >= count ? true : undefined,
  );

async function leaveInAnswer(server: ServerProcess): Promise<void> {
  for (let leaver = 0; leaver < leavers; leaver += 1) {
    using connection = await RawConnection.open(server.port);
    connection.socket.once('data', () => connection.socket.pause());
    send(connection, { value: 1, filler: longAnswer });
    await eventually(async () => (connection.received.length > 0 ? true : undefined));
    expect(connection.received.length).toBeLessThan(longAnswer);
  }
}

export const clientRows: readonly Row[] = [
  {
    ...onRows,
    name: 'client leaving in its headers',
    strike: (scene) => leave(scene, ({ socket }) => socket.write('POST /rows HTTP/1.1\r\nhost: por')),
  },
  {
    ...onRows,
    name: 'client leaving in its upload',
    strike: (scene) => leave(scene, (connection) => send(connection, { value: 1 }, 1_000_000)),
  },
  {
    ...onRows,
    name: 'client leaving while queued',
    strike: async (scene) => {
      const busy = ask(scene.server, 'rows', { value: 0, milliseconds: 500 });
      await sleep(stayMs);
      await leave(scene, (connection) => send(connection, { value: 1, milliseconds: 200 }));
      await cancelled(scene.server, 'queued', leavers);
      expect((await busy).status).toBe(200);
    },
  },
  {
    ...onRows,
    name: 'client leaving while running',
    strike: async (scene) => {
      for (let leaver = 0; leaver < leavers; leaver += 1) {
        using connection = await RawConnection.open(scene.server.port);
        send(connection, { value: 1, milliseconds: 200 });
        await sleep(stayMs);
      }
      // Those that wait behind the run of another, under the load beside them most, count as queued.
      await cancelled(scene.server, 'running', 1);
    },
  },
  {
    ...onRows,
    name: 'client leaving in its answer',
    rehearse: leaveInAnswer,
    strike: ({ server }) => leaveInAnswer(server),
  },
];
