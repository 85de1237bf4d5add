import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { stubServer } from '../testing/stub-server.ts';
import { closedLoop } from './closed-loop.ts';

const fine = (): undefined => undefined;
const get = { method: 'GET', path: '/' } as const;

test('sends exactly as many requests as it should, from as many connections as there are clients', async () => {
  const ports = new Set<number | undefined>();
  await using server = await stubServer((request, response) => {
    ports.add(request.socket.remotePort);
    response.end('ok');
  });
  const result = await closedLoop({ url: server.url, request: get, check: fine, clients: 3, count: 50, seconds: 10 });
  expect(result).toMatchObject({ sent: 50, good: 50, outcomes: { '200': 50 }, complaints: [] });
  expect(result.peakInFlight).toBe(3);
  expect(ports.size).toBe(3);
});

test('time ends a load too', async () => {
  await using server = await stubServer((_request, response) => response.end());
  const result = await closedLoop({ url: server.url, request: get, check: fine, clients: 1, seconds: 0.2 });
  expect(result.seconds).toBeGreaterThan(0.15);
  expect(result.seconds).toBeLessThan(2);
});

test('bodies and paths are made anew for each turn', async () => {
  const seen: string[] = [];
  await using server = await stubServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push(`${request.url} ${body}`);
      response.end();
    });
  });
  const request = (turn: number) => ({ path: `/${turn}`, body: Buffer.from(`body ${turn}`) });
  await closedLoop({ url: server.url, request, check: fine, clients: 1, count: 2, seconds: 10 });
  expect(seen).toEqual(['/0 body 0', '/1 body 1']);
});

test('a response that fails its check is not good, whatever its status; the first complaints are kept', async () => {
  await using server = await stubServer((_request, response) => response.end('nonsense'));
  const check = ({ body }: { body: Buffer }) => (body.toString() === 'sense' ? undefined : `got ${body.toString()}`);
  const result = await closedLoop({ url: server.url, request: get, check, clients: 2, count: 20, seconds: 10 });
  expect(result).toMatchObject({ good: 0, outcomes: { wrong: 20 } });
  expect(result.complaints).toEqual(Array.from({ length: 5 }, () => '200: got nonsense'));
});

test('a check may complain by throwing', async () => {
  await using server = await stubServer((_request, response) => response.end('{'));
  const check = ({ body }: { body: Buffer }): undefined => void JSON.parse(body.toString());
  const result = await closedLoop({ url: server.url, request: get, check, clients: 1, count: 1, seconds: 10 });
  expect(result.outcomes).toEqual({ wrong: 1 });
});

test('statuses and the codes of broken connections are counted apart', async () => {
  let turn = 0;
  await using server = await stubServer((request, response) => {
    turn += 1;
    if (turn === 1) response.end();
    else if (turn === 2) response.writeHead(503).end();
    else request.socket.destroy();
  });
  const result = await closedLoop({ url: server.url, request: get, check: fine, clients: 1, count: 3, seconds: 10 });
  expect(result.outcomes).toEqual({ '200': 1, '503': 1, ECONNRESET: 1 });
  expect(result.good).toBe(1);
});

test('a silent server times out', async () => {
  await using server = await stubServer(() => {});
  const options = { url: server.url, request: get, check: fine, clients: 1, count: 1, seconds: 10 };
  const result = await closedLoop({ ...options, timeoutMs: 50 });
  expect(result.outcomes).toEqual({ ETIMEDOUT: 1 });
});

test('a signal ends the load, and what is in flight still gets its response', async () => {
  await using server = await stubServer((_request, response) => void setTimeout(() => response.end(), 50));
  const stop = new AbortController();
  const loading = closedLoop({
    url: server.url,
    request: get,
    check: fine,
    clients: 4,
    seconds: 60,
    signal: stop.signal,
  });
  await sleep(20);
  stop.abort();
  expect(await loading).toMatchObject({ sent: 4, good: 4 });
});

test('a load without an end is refused', async () => {
  const options = { url: 'http://127.0.0.1:1', request: get, check: fine, clients: 1 };
  await expect(closedLoop({ ...options, seconds: Infinity })).rejects.toThrow(RangeError);
});
