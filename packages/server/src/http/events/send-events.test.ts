import { connect } from 'node:net';
import { once } from 'node:events';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import type { InferOutput } from '../../inference.ts';
import { sendEvents } from './send-events.ts';

it('a client who takes nothing for too long is let go', async () => {
  const app = Fastify();
  let ended = false;
  const endless = async function* (): AsyncGenerator<Uint8Array, InferOutput, void> {
    try {
      for (;;) yield Buffer.from(JSON.stringify('x'.repeat(100_000)));
    } finally {
      ended = true;
    }
  };
  app.get('/', (request, reply) => sendEvents(request, reply, endless(), 300));
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
