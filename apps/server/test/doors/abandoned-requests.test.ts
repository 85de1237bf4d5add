import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descriptorsOf } from '../harness/process-facts.ts';
import { type HttpSide, startHttpSide } from './support/http-side.ts';
import { RawConnection } from './support/raw-connection.ts';

let app: HttpSide;

beforeAll(async () => {
  app = await startHttpSide({ maxConnections: 40, clientTimeouts: { unreadMs: 300 } });
});
afterAll(() => app[Symbol.asyncDispose]());

const png = { 'content-type': 'image/png' };
const bundle = 'GET /docs/static/swagger-ui-bundle.js';
const descriptors = async (): Promise<number> => (await descriptorsOf(process.pid)).length;

/** Requests that run or wait for it. */
async function accepted(): Promise<number> {
  const text = await app.registry.metrics();
  const counts = [...text.matchAll(/^portico_(?:queue_depth|in_flight)\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** A connection whose request runs until its client leaves. */
async function running(id: string): Promise<RawConnection> {
  const before = await accepted();
  const connection = await RawConnection.open(app.port);
  connection.request('POST /ocr', { ...png, 'content-length': 100, 'x-request-id': id }, 'x'.repeat(100));
  await expect.poll(accepted).toBe(before + 1);
  return connection;
}

describe('A client that leaves', () => {
  it('takes all of its requests with it: those in progress, and those that waited behind them', async () => {
    const before = await descriptors();
    const connection = await running('leaves');
    connection.request(bundle);
    connection.request('GET /health');
    connection.request('POST /ocr', { ...png, 'content-length': 900_000, 'x-request-id': 'behind' }, 'x');
    await new Promise((resolve) => connection.socket.write('y', resolve));
    connection.socket.destroy();
    await expect.poll(() => app.uploads.heldBytes).toBe(0);
    await expect
      .poll(() => app.log.find((line) => line['requestId'] === 'leaves'))
      .toMatchObject({
        status: 499,
        client: '127.0.0.1',
      });
    await expect.poll(descriptors).toBeLessThanOrEqual(before);
    app.engines.last.finish();
  });

  it('leaves no file open behind it', async () => {
    const before = await descriptors();
    const clients = await Promise.all(Array.from({ length: 8 }, () => RawConnection.open(app.port)));
    for (const client of clients) {
      client.socket.pause();
      for (let count = 0; count < 20; count += 1) client.request(bundle);
    }
    await expect.poll(descriptors).toBeGreaterThan(before + clients.length);
    for (const client of clients) client[Symbol.dispose]();
    await expect.poll(descriptors, { timeout: 10_000 }).toBeLessThanOrEqual(before);
  });
});

it('a client that stops reading loses its connection, and the log does not say that it was served', async () => {
  using connection = await RawConnection.open(app.port);
  connection.socket.pause();
  for (let count = 0; count < 20; count += 1) connection.request(bundle, { 'x-request-id': `unread-${count}` });
  const unread = () => app.log.filter((line) => String(line['requestId']).startsWith('unread-'));
  await expect.poll(() => unread().at(-1)?.['status'], { timeout: 10_000 }).toBe(499);
});

it('the last request of a connection is answered though what follows it is no HTTP', async () => {
  using connection = await running('followed');
  connection.socket.write('no HTTP\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 50));
  app.engines.last.finish();
  expect((await connection.answer()).status).toBe(200);
  await connection.closed();
});

it('a connection beyond the share of its address is refused while none of the others can give way', async () => {
  const all = [];
  for (let count = 0; count < 20; count += 1) all.push(await running(`busy-${count}`));
  {
    using refused = await RawConnection.open(app.port);
    const { status, headers, body } = await refused.answer();
    expect(status).toBe(503);
    expect(headers).toMatchObject({ connection: 'close', 'retry-after': '1' });
    expect(JSON.parse(body)).toMatchObject({ code: 'OVERLOADED', detail: expect.stringContaining('MAX_CONNECTIONS') });
    await refused.closed();
  }
  expect(app.log).toContainEqual(expect.objectContaining({ code: 'OVERLOADED', refused: 1 }));
  all[0]?.socket.destroy();
  await expect
    .poll(async () => (await fetch(`${app.url}/health`).catch(() => undefined))?.status, { timeout: 10_000 })
    .toBe(200);
  for (const one of all) one.socket.destroy();
});
