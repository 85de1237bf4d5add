import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listen } from './listen.ts';

let folder: string;
let socketPath: string;
let app: FastifyInstance;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-listen-'));
  socketPath = join(folder, 'portico.sock');
  app = Fastify();
  app.get('/', async () => 'here');
});
afterEach(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const answer = (): Promise<string> =>
  new Promise((resolve, reject) => {
    request({ socketPath, path: '/' }, (response) => void text(response).then(resolve, reject))
      .on('error', reject)
      .end();
  });

it('listens on a port and tells which', async () => {
  const url = await listen(app, { host: '127.0.0.1', port: 0 });
  expect(url).toMatch(/^http:\/\/localhost:\d+$/);
});

describe('A unix socket', () => {
  it('is open to owner and group, and its file goes with the server', async () => {
    expect(await listen(app, { socketPath })).toBe(`unix:${socketPath}`);
    expect(await answer()).toBe('here');
    expect((await stat(socketPath)).mode & 0o777).toBe(0o660);
    await app.close();
    expect(existsSync(socketPath)).toBe(false);
  });

  it('takes the place of one that nobody listens on', async () => {
    abandonSocket(socketPath);
    expect((await stat(socketPath)).isSocket()).toBe(true);
    await listen(app, { socketPath });
    expect(await answer()).toBe('here');
  });

  it('leaves one alone that a server listens on', async () => {
    const other = createServer((socket) => socket.destroy()).listen(socketPath);
    await expect(listen(app, { socketPath })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(other.listening).toBe(true);
    await new Promise((resolve) => other.close(resolve));
  });

  it('leaves any other file alone', async () => {
    await writeFile(socketPath, 'notes');
    await expect(listen(app, { socketPath })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(existsSync(socketPath)).toBe(true);
  });
});

/** What a server leaves that is killed. */
function abandonSocket(path: string): void {
  const program = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  try {
    execFileSync(process.execPath, ['--eval', program, path]);
  } catch {
    // It has killed itself.
  }
}
