import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RawConnection } from '../doors/support/raw-connection.ts';
import { ask } from '../harness/ask.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';

const mebibyte = 1024 * 1024;
const uploadBytes = 2 * mebibyte;
const seconds = 20;

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({
    MODEL_NAME: 'rows,ocr',
    MAX_UPLOAD_MB: '2',
    MAX_INFLIGHT_MB: '16',
    TRUST_PROXY: 'true',
  });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

interface Kind {
  readonly headers: Readonly<Record<string, string | number>>;
  readonly start: string;
  /** Sent twice a second. */
  readonly more: string;
}

const png = { 'content-type': 'image/png' };
const announced = { ...png, 'content-length': uploadBytes };
const nearlyAll = 'x'.repeat(uploadBytes - 64 * 1024);
const formStart = '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n';

/** What many connections do, each kind from a client of its own, and how many at a time. */
const kinds: readonly (readonly [connections: number, kind: Kind])[] = [
  // A byte now and then; just more than the slowest allowed.
  [100, { headers: announced, start: 'x', more: 'x' }],
  [200, { headers: announced, start: 'x', more: 'x'.repeat(600) }],
  // Nearly everything, and no more or a trickle.
  [10, { headers: announced, start: nearlyAll, more: '' }],
  [10, { headers: announced, start: nearlyAll, more: 'x'.repeat(600) }],
  [10, { headers: { ...png, 'transfer-encoding': 'chunked' }, start: `200000\r\n${nearlyAll}`, more: 'x' }],
  [
    10,
    {
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': uploadBytes },
      start: `${formStart}${nearlyAll}`,
      more: 'x',
    },
  ],
];

it('beside uploads of every slow kind, each of which comes back at once, a client is served', async () => {
  const stop = new AbortController();
  const attack = async (client: string, { headers, start, more }: Kind): Promise<void> => {
    while (!stop.signal.aborted) {
      using connection = await RawConnection.open(server.port);
      connection.request('POST /ocr', { ...headers, 'x-forwarded-for': client }, start);
      while (!stop.signal.aborted && connection.received === '' && connection.socket.writable) {
        await sleep(500);
        if (more !== '') connection.socket.write(more);
      }
    }
  };
  const attacks = kinds.flatMap(([count, kind], index) =>
    Array.from({ length: count }, () => attack(`192.0.2.${index + 2}`, kind).catch(() => {})),
  );
  const until = performance.now() + seconds * 1_000;
  let served = 0;
  let asked = 0;
  for (; performance.now() < until; asked += 1) {
    const { status } = await ask(server, 'rows', { value: asked }, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    if (status === 200) served += 1;
    await sleep(100);
  }
  stop.abort();
  await Promise.all(attacks);
  expect(served / asked, `${served} of ${asked}`).toBeGreaterThanOrEqual(0.95);
  await eventually(async () => ((await metric(server, 'portico_upload_bytes')) === 0 ? true : undefined));
});
