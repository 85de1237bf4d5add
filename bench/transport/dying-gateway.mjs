import { startEngine } from './engine-handle.mjs';

/** @import { Transport } from './settings.mjs' */

// Starts an engine, gives it a long run, says who it is and dies without a word to it.
const engine = startEngine(/** @type {Transport} */ (process.argv[2]));
const payload = Buffer.alloc(1024);
engine.onReply = () => {
  engine.send({ identifier: 1, slot: 0, bytes: payload.length, busyMs: 60_000 }, payload);
  setTimeout(() => process.stdout.write(`${engine.child.pid}`, () => process.kill(process.pid, 'SIGKILL')), 50);
};
engine.send({ identifier: 0, slot: 0, bytes: payload.length, busyMs: 0 }, payload);
