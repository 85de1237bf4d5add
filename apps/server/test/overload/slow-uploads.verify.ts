import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RawConnection } from '../doors/support/raw-connection.ts';
import { ask } from '../harness/ask.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';

const mebibyte = 1024 * 1024;
const uploadBytes = 2 * mebibyte;
const seconds = 15;

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

it.each<[string, number, Kind]>([
  ['a byte now and then', 200, { headers: announced, start: 'x', more: 'x' }],
  ['just more than the slowest allowed', 500, { headers: announced, start: 'x', more: 'x'.repeat(600) }],
  ['nearly everything and no more', 30, { headers: announced, start: nearlyAll, more: '' }],
  ['nearly everything, then a trickle', 30, { headers: announced, start: nearlyAll, more: 'x'.repeat(600) }],
  [
    'a chunk that does not end',
    30,
    { headers: { ...png, 'transfer-encoding': 'chunked' }, start: `200000\r\n${nearlyAll}`, more: 'x' },
  ],
  [
    'a form that does not end',
    30,
    {
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': uploadBytes },
      start: `${formStart}${nearlyAll}`,
      more: 'x',
    },
  ],
])('while others send %s on %i connections and come back at once, a client is served', async (_how, count, kind) => {
  const stop = new AbortController();
  const attack = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      using connection = await RawConnection.open(server.port);
      connection.request('POST /ocr', { ...kind.headers, 'x-forwarded-for': '192.0.2.1' }, kind.start);
      while (!stop.signal.aborted && connection.received === '' && connection.socket.writable) {
        await sleep(500);
        if (kind.more !== '') connection.socket.write(kind.more);
      }
    }
  };
  const attacks = Array.from({ length: count }, () => attack().catch(() => {}));
  const until = performance.now() + seconds * 1_000;
  let served = 0;
  let asked = 0;
  for (; performance.now() < until; asked += 1) {
    const { status } = await ask(server, 'rows', { value: asked }, { headers: { 'x-forwarded-for': '192.0.2.2' } });
    if (status === 200) served += 1;
    await sleep(100);
  }
  stop.abort();
  await Promise.all(attacks);
  expect(served / asked, `${served} of ${asked}`).toBeGreaterThanOrEqual(0.95);
  await eventually(async () => ((await metric(server, 'portico_upload_bytes')) === 0 ? true : undefined));
});
