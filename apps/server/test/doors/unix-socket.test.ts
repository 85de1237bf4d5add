import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { startServer } from '../harness/server-process.ts';

it('With a path for HOST the server listens on a unix socket, says so, and takes it away at the end', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-socket-'));
  const socketPath = join(folder, 'portico.sock');
  try {
    await using server = await startServer({ HOST: socketPath, MODEL_NAME: '' });
    const line = await server.logged((one) => 'socket' in one);
    expect(line).toMatchObject({
      socket: socketPath,
      msg: `Portico listens on unix:${socketPath}, documentation at /docs`,
    });
    const answer = await new Promise<unknown>((resolve, reject) => {
      const asking = request({ socketPath, path: '/health' }, (response) => void json(response).then(resolve, reject));
      asking.on('error', reject).end();
    });
    expect(answer).toEqual({ status: 'ok' });
    server.child.kill('SIGTERM');
    expect(await once(server.child, 'exit')).toEqual([0, null]);
    expect(existsSync(socketPath)).toBe(false);
  } finally {
    await rm(folder, { recursive: true });
  }
});
