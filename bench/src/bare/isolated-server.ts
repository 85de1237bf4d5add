import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Frames } from './frames.ts';
import { bareApp, listen } from './app.ts';

// Portico's architecture and nothing else: Fastify, an engine in a process of its own, frames over a socket pair. No checks,
// ids, logs, metrics, queue or deadlines. The bytes of a picture in, the bytes of ten scores out.
interface Engine {
  readonly frames: Frames;
  readonly pending: Map<number, (body: Buffer) => void>;
}

const engines = Array.from({ length: Number(process.env['ENGINES'] ?? 1) }, startEngine);
let lastId = 0;

const app = bareApp();
app.post('/raw', async (request, reply) => {
  const { frames, pending } = engines.reduce((one, other) => (other.pending.size < one.pending.size ? other : one));
  const id = (lastId = (lastId + 1) >>> 0);
  reply.type('application/octet-stream');
  return new Promise<Buffer>((resolve) => {
    pending.set(id, resolve);
    frames.send(id, request.body as Buffer);
  });
});
await listen(app);

function startEngine(): Engine {
  const module = fileURLToPath(new URL('./isolated-engine.js', import.meta.url));
  const child = spawn(process.execPath, [module], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  child.once('exit', () => process.exit(1));
  const pending: Engine['pending'] = new Map();
  const frames = new Frames(child.stdio[3] as Socket, (id, body) => {
    pending.get(id)?.(body);
    pending.delete(id);
  });
  return { frames, pending };
}
