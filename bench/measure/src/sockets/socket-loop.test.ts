import { expect, test } from 'vitest';
import { stubServer } from '../testing/stub-server.ts';
import { socketLoop } from './socket-loop.ts';

const message = Buffer.from('POST /x HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 2\r\n\r\nhi');
const portOf = (url: string): number => Number(new URL(url).port);

test('each connection sends the same bytes again and again, and different bodies are kept once', async () => {
  const seen = new Set<string>();
  const ports = new Set<number | undefined>();
  await using server = await stubServer((request, response) => {
    ports.add(request.socket.remotePort);
    request.on('data', (chunk: Buffer) => seen.add(`${request.method} ${request.url} ${chunk.toString()}`));
    request.on('end', () => response.end(ports.size % 2 === 0 ? 'even' : 'odd'));
  });
  const result = await socketLoop({ port: portOf(server.url), messages: [message], connections: 4, seconds: 0.2 });
  expect(ports.size).toBe(4);
  expect([...seen]).toEqual(['POST /x hi']);
  expect(result.outcomes).toEqual({ '200': result.good });
  expect(result.latency.count).toBe(result.good);
  expect(result.good).toBeGreaterThan(4);
  expect(result.bodies.length).toBeLessThanOrEqual(2);
  expect(['even', 'odd']).toContain(Buffer.from(result.bodies[0] ?? []).toString());
});

test('several messages are dealt out to the connections', async () => {
  const seen: string[] = [];
  await using server = await stubServer((request, response) => {
    seen.push(String(request.url));
    response.end('ok');
  });
  const messages = ['/a', '/b'].map((path) => Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`));
  await socketLoop({ port: portOf(server.url), messages, connections: 2, seconds: 0.1 });
  expect(seen.slice(0, 2).toSorted()).toEqual(['/a', '/b']);
});

test('statuses and broken connections are counted, and connections are opened again', async () => {
  let turn = 0;
  await using server = await stubServer((request, response) => {
    turn += 1;
    if (turn === 1) response.writeHead(503).end();
    else if (turn === 2) request.socket.destroy();
    else response.end('ok');
  });
  const { outcomes, good } = await socketLoop({
    port: portOf(server.url),
    messages: [message],
    connections: 1,
    seconds: 0.3,
  });
  expect(outcomes['503']).toBe(1);
  expect(good).toBeGreaterThan(0);
  expect(Object.keys(outcomes)).toHaveLength(3);
});

test('a load without an end is refused', async () => {
  await expect(socketLoop({ port: 1, messages: [message], connections: 1, seconds: Infinity })).rejects.toThrow(
    RangeError,
  );
});
