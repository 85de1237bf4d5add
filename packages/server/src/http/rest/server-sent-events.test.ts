import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import type { InferOutput } from '../../inference.ts';
import { Connections } from '../plugins/connections.ts';
import { sendEvents, withFiller } from './server-sent-events.ts';

it('a client that reads nothing for too long is disconnected', async () => {
  const app = Fastify({
    serverFactory: (handle) =>
      new Connections({ maxConnections: 1, trustProxy: false }).createServer(handle, {
        unreadMs: 300,
        refusal: () => Buffer.alloc(0),
      }),
  });
  let ended = false;
  const endless = async function* (): AsyncGenerator<Uint8Array, InferOutput, void> {
    try {
      for (;;) yield Buffer.from(JSON.stringify('x'.repeat(100_000)));
    } finally {
      ended = true;
    }
  };
  app.get('/', (request, reply) => sendEvents(request, reply, endless()));
  await app.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect((app.server.address() as { port: number }).port, '127.0.0.1');
  try {
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await once(socket, 'readable');
    // It has read what came first, and nothing after that.
    await expect.poll(() => ended, { timeout: 5_000 }).toBe(true);
  } finally {
    socket.destroy();
    await app.close();
  }
});

/** Yields each word after as many milliseconds. */
async function* spoken(
  ...words: readonly (readonly [word: string, milliseconds: number])[]
): AsyncGenerator<string, void, void> {
  for (const [word, milliseconds] of words) {
    await sleep(milliseconds);
    yield word;
  }
}

async function received(source: AsyncGenerator<string, void, void>, milliseconds: number): Promise<string[]> {
  const words: string[] = [];
  for await (const word of withFiller(source, 'um', milliseconds)) words.push(word);
  return words;
}

it('what comes in time is passed on alone', async () => {
  expect(await received(spoken(['one', 0], ['two', 0]), 10_000)).toEqual(['one', 'two']);
});

it('silence is filled', async () => {
  expect((await received(spoken(['one', 0], ['two', 250]), 100)).join(' ')).toMatch(/^one (um )+two$/);
});

it('an error comes through', async () => {
  const failing = async function* (): AsyncGenerator<string, void, void> {
    yield 'one';
    throw new Error('lost');
  };
  await expect(received(failing(), 10_000)).rejects.toThrow('lost');
});
