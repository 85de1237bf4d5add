import { Socket } from 'node:net';
import { Frames } from './frames.ts';
import { openDigits } from './digits-session.ts';

const score = await openDigits();
const queue: (readonly [id: number, body: Buffer])[] = [];
let running = false;

const wire = new Socket({ fd: 3, readable: true, writable: true });
wire.once('close', () => process.exit(0));
const frames = new Frames(wire, (id, body) => {
  queue.push([id, body]);
  if (!running) void runAll();
});

async function runAll(): Promise<void> {
  running = true;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) frames.send(next[0], await score(next[1]));
  running = false;
}
