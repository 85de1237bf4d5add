import { expect, it } from 'vitest';
import { RawConnection } from '../doors/support/raw-connection.ts';
import { measured } from '../harness/measured.ts';
import { startServer } from '../harness/server-process.ts';
import { cleanly, end } from './support/ending.ts';

/** Less than a request may take, which is what a connection would hold up the exit for. */
const soon = 15_000;

/*
 * A connection that is idle when the drain ends is closed then, and a request that its client sends in that moment is
 * lost: HTTP/1.1 has no way to take leave of an idle connection. A client that watches readiness sends none by then, and
 * a connection that was used during the drain has been closed with its answer.
 */
it('a kept connection without a request does not hold up the exit', async () => {
  await using server = await startServer({ MODEL_NAME: 'rows', DRAIN_SECONDS: '0.3' });
  await server.ready();
  using kept = await RawConnection.open(server.port);
  kept.request('GET /health');
  expect((await kept.answer()).status).toBe(200);
  const { milliseconds, ...exit } = await end(server);
  expect(exit).toEqual(cleanly);
  measured('from SIGTERM to the exit with an idle connection and a drain of 300 ms', milliseconds);
  expect(milliseconds).toBeLessThan(soon);
  await kept.closed();
});

it.each([
  ['are opened ahead and never used', ''],
  ['stop in the middle of their headers', 'POST /rows HTTP/1.1\r\nhost: por'],
])('connections that %s do not hold up the exit', async (_what, bytes) => {
  await using server = await startServer({ MODEL_NAME: 'rows', DRAIN_SECONDS: '0.3' });
  await server.ready();
  using fresh = await RawConnection.open(server.port);
  using used = await RawConnection.open(server.port);
  used.request('GET /health');
  expect((await used.answer()).status).toBe(200);
  for (const { socket } of [fresh, used]) if (bytes !== '') socket.write(bytes);
  const { milliseconds, ...exit } = await end(server);
  expect(exit).toEqual(cleanly);
  measured('from SIGTERM to the exit with connections without a request and a drain of 300 ms', milliseconds);
  expect(milliseconds).toBeLessThan(soon);
});

it('an upload that stalls holds up the exit no longer than a request may take', { timeout: 60_000 }, async () => {
  await using server = await startServer({ MODEL_NAME: 'rows', DRAIN_SECONDS: '0.3', INFER_TIMEOUT_SECONDS: '0.5' });
  await server.ready();
  using stalled = await RawConnection.open(server.port);
  stalled.request('POST /rows', { 'content-type': 'application/json', 'content-length': 100 }, '{"input":');
  const { milliseconds, ...exit } = await end(server);
  expect(exit).toEqual(cleanly);
  measured('from SIGTERM to the exit with a stalled upload and a deadline of 500 ms', milliseconds);
  expect(milliseconds).toBeLessThan(soon);
  await stalled.closed();
});
