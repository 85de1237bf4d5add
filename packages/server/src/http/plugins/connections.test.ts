import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { connectionOf, Connections, type HandledRequest } from './connections.ts';
import { isDelivered } from './exchanges.ts';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

interface Received {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  closed: number;
  delivered: boolean;
}

/** A server that notes which requests it handles, and when their responses close. */
async function serve(handle: (one: Received) => void, { unreadMs = 60_000, keepAliveMs = 60_000 } = {}) {
  const handled: Received[] = [];
  const connections = new Connections({ maxConnections: 10, trustProxy: false });
  server = connections.createServer(
    (request, response) => {
      const one: Received = { request, response, closed: 0, delivered: false };
      handled.push(one);
      response.on('close', () => {
        one.closed += 1;
        one.delivered = isDelivered(response);
      });
      handle(one);
    },
    { unreadMs, keepAliveTimeout: keepAliveMs, refusal: () => Buffer.from('no place') },
  );
  // What the parser refuses, or ends when its client leaves.
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { handled, open: () => open(port) };
}

async function open(port: number) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  socket.setEncoding('latin1').on('data', (piece: string) => (text += piece));
  socket.on('error', () => {});
  // A reset ends a connection too: `once` of node:events would reject then.
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const ended = Promise.race([closed, new Promise((resolve) => socket.once('end', resolve))]);
  await once(socket, 'connect');
  return { socket, received: () => text, ended, closed };
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;
const post = (path: string, length: number, sent = length): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n${'x'.repeat(sent)}`;
const paths = (handled: readonly Received[]): (string | undefined)[] => handled.map(({ request }) => request.url);

describe('Requests on one connection', () => {
  it('are handled one after another, small bodies included', async () => {
    const { handled, open } = await serve(() => {});
    const { socket, received } = await open();
    socket.write(get('/1') + post('/2', 100) + get('/3'));
    for (const path of ['/1', '/2', '/3']) {
      await expect.poll(() => paths(handled).at(-1)).toBe(path);
      handled.at(-1)?.response.end(`for ${path}`);
    }
    await expect.poll(received).toMatch(/for \/1[^]*for \/2[^]*for \/3/);
    expect(handled.map(({ closed, delivered }) => [closed, delivered])).toEqual([1, 2, 3].map(() => [1, true]));
  });

  it('end with it: what is handled closes, and what waits is never handled', async () => {
    const { handled, open } = await serve(() => {});
    const { socket } = await open();
    socket.write(get('/1') + get('/2') + post('/3', 1_000_000, 1));
    await expect.poll(() => handled.length).toBe(1);
    socket.destroy();
    await expect.poll(() => handled[0]?.closed).toBe(1);
    expect(paths(handled)).toEqual(['/1']);
  });

  it('are the last when one comes with a body that would hide whether its client leaves', async () => {
    const { handled, open } = await serve(() => {});
    const { socket, received, ended } = await open();
    socket.write(get('/1') + get('/2') + post('/3', 1_000_000) + get('/4'));
    await expect.poll(() => handled.length).toBe(1);
    handled[0]?.response.end('for /1');
    await expect.poll(() => handled.length).toBe(2);
    handled[1]?.response.end('for /2');
    await ended;
    expect(received()).toMatch(/for \/1[^]*for \/2$/);
    expect(paths(handled)).toEqual(['/1', '/2']);
  });

  it('are not kept beyond a few', async () => {
    const { handled, open } = await serve(() => {});
    const { socket, ended } = await open();
    socket.write(get('/').repeat(100));
    await ended;
    await expect.poll(() => handled.map(({ closed }) => closed)).toEqual([1]);
  });

  it.each([
    ['after an answer that came before its request', post('/early', 100_000, 90_000), 'no', 'x'.repeat(10_000)],
    ['behind a request that is still handled', get('/never') + post('/', 100_000), '', ''],
  ])('are not dropped without end %s', async (_name, first, answer, rest) => {
    const { open } = await serve(({ request, response }) => {
      if (request.url === '/early') response.end('no');
    });
    let parsed = 0;
    server?.on('request', () => (parsed += 1));
    const { socket, received, closed } = await open();
    socket.write(first);
    await expect.poll(received).toContain(answer);
    socket.write(rest);
    const flood = get('/').repeat(2_000);
    for (let count = 0; count < 20; count += 1) socket.write(flood);
    await expect.poll(async () => (await connections(server)).length).toBe(0);
    // No more than one piece of data is parsed after that.
    expect(parsed).toBeLessThan(5_000);
    socket.destroy();
    await closed;
  });

  it('leave no listener behind when they are refused before their bodies have come', async () => {
    const { open } = await serve(({ request, response }) => {
      request.once('end', () => response.end('no'));
      request.resume();
    });
    let socketThere: Socket | undefined;
    server?.once('connection', (one) => (socketThere = one));
    const { socket, received } = await open();
    const listeners = () => (socketThere?.eventNames() ?? []).map((name) => [name, socketThere?.listenerCount(name)]);
    const answers = (): number => received().split('HTTP/1.1').length - 1;
    const exchange = async (count: number): Promise<void> => {
      socket.write(post('/', 10, 0));
      await sleep(0);
      socket.write('x'.repeat(10));
      await expect.poll(answers, { interval: 1 }).toBe(count);
    };
    await exchange(1);
    const before = listeners();
    for (let count = 2; count <= 20; count += 1) await exchange(count);
    expect(listeners()).toEqual(before);
  });
});

/** What a client may do with one connection. */
const step = fc.oneof(
  fc.constant({ kind: 'get' } as const),
  fc.record({ kind: fc.constant('post' as const), length: fc.constantFrom(10, 100_000), part: fc.boolean() }),
  fc.constant({ kind: 'pause' } as const),
);

it('whatever a client sends, one request is handled at a time and every response closes once it has left', async () => {
  const inProgress = new Set<Socket>();
  let together = 0;
  const { handled, open } = await serve(({ request, response }) => {
    if (inProgress.has(request.socket)) together += 1;
    inProgress.add(request.socket);
    response.once('close', () => inProgress.delete(request.socket));
    // Some are answered before their bodies have come, some after that, and some never.
    request.resume();
    if (request.url === '/early') response.end('early');
    if (request.url === '/late') request.once('end', () => setImmediate(() => response.end('late')));
  });
  const urls = fc.constantFrom('/early', '/late', '/never');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, urls), { maxLength: 12 }), fc.boolean(), async (steps, halfClose) => {
      const { socket } = await open();
      for (const [one, url] of steps) {
        if (one.kind === 'get') socket.write(get(url));
        else if (one.kind === 'post') socket.write(post(url, one.length, one.part ? 5 : one.length));
        else await sleep(1);
      }
      if (halfClose) socket.end();
      else socket.destroy();
      await expect.poll(() => inProgress.size, { interval: 2 }).toBe(0);
      socket.destroy();
    }),
    { numRuns: 60, seed: 12 },
  );
  expect(together).toBe(0);
  expect(handled.filter(({ closed }) => closed !== 1)).toEqual([]);
});

describe('A connection', () => {
  it('is closed after an answer that comes before its request, once the client has sent the rest', async () => {
    const { open } = await serve(({ response }) => response.writeHead(413).end());
    const { socket, received, ended, closed } = await open();
    socket.pause().write(post('/', 8_000_000));
    await once(socket, 'drain');
    socket.resume();
    await ended;
    expect(received()).toMatch(/^HTTP\/1.1 413/);
    socket.end();
    await closed;
  });

  it('ends when its client reads nothing more of a response, however long the result took', async () => {
    const { handled, open } = await serve(() => {}, { unreadMs: 100 });
    const { socket } = await open();
    socket.pause().write(get('/'));
    await expect.poll(() => handled.length).toBe(1);
    // Waiting for the result is not reading too slowly.
    await sleep(250);
    expect(handled[0]?.closed).toBe(0);
    handled[0]?.response.end(Buffer.alloc(50_000_000));
    await expect.poll(() => handled[0]?.closed).toBe(1);
    expect(handled[0]?.delivered).toBe(false);
  });

  it('ends likewise when its client only sends on, or reads a little now and then', async () => {
    const { handled, open } = await serve(({ response }) => response.end(Buffer.alloc(50_000_000)), { unreadMs: 200 });
    const { socket } = await open();
    socket.pause().write(get('/'));
    const sending = setInterval(() => socket.write(get('/')), 50);
    const reading = await open();
    reading.socket.pause().write(get('/'));
    const taking = setInterval(() => reading.socket.read(1), 50);
    await expect
      .poll(() => handled.map(({ closed, delivered }) => [closed, delivered]))
      .toEqual([
        [1, false],
        [1, false],
      ]);
    clearInterval(sending);
    clearInterval(taking);
  });

  it('at rest between two requests ends after the time for that', async () => {
    const { open } = await serve(({ response }) => response.end(), { keepAliveMs: 50 });
    const { socket, ended } = await open();
    socket.write(get('/'));
    await ended;
    expect(socket.readableEnded).toBe(true);
  });

  it('at rest keeps nothing of the exchange before', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    let exchange: WeakRef<HandledRequest> | undefined;
    const { open } = await serve(({ request, response }) => {
      const one: HandledRequest = {
        request: { raw: request } as FastifyRequest,
        reply: {} as FastifyReply,
        end: () => {},
      };
      exchange = new WeakRef(one);
      connectionOf(request.socket)?.follow(one);
      response.end('over');
    });
    const { socket, received } = await open();
    socket.write(get('/'));
    await expect.poll(received).toContain('over');
    await expect
      .poll(() => {
        collect();
        return exchange?.deref();
      })
      .toBeUndefined();
  });

  it('for which there is no place is refused, and another one served once there is', async () => {
    const { open } = await serve(({ response }) => setTimeout(() => response.end('served'), 200));
    const busy = await Promise.all(Array.from({ length: 5 }, open));
    for (const { socket } of busy) socket.write(get('/'));
    await expect.poll(async () => (await connections(server)).length).toBe(5);
    const refused = await open();
    await refused.ended;
    // What it still sends does not take the answer away.
    refused.socket.write(post('/', 1_000_000));
    await sleep(20);
    expect([refused.received(), refused.socket.destroyed]).toEqual(['no place', false]);
    refused.socket.end();
    await refused.closed;
    for (const { socket, received } of busy) {
      await expect.poll(received).toContain('served');
      socket.destroy();
    }
    await expect.poll(async () => (await connections(server)).length).toBe(0);
    const { socket, received } = await open();
    socket.write(get('/'));
    await expect.poll(received).toContain('served');
    expect(connectionOf(null)).toBeUndefined();
  });
});

const connections = async (one: Server | undefined): Promise<unknown[]> => {
  const count = await new Promise<number>((resolve) => one?.getConnections((_error, found) => resolve(found)));
  return Array.from({ length: count });
};
