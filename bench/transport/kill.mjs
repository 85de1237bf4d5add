import { setTimeout as sleep } from 'node:timers/promises';
import { startEngine } from './engine-handle.mjs';
import { checksumOf, slotBytes } from './settings.mjs';

/** @import { EngineHandle } from './engine-handle.mjs' */
/** @import { Reply, Request } from './settings.mjs' */

const small = Buffer.alloc(1024, 1);
const large = Buffer.alloc(slotBytes, 7);

/**
 * @param {EngineHandle} engine
 * @param {Partial<Request>} request
 */
function ask(engine, request, payload = small) {
  engine.send({ identifier: 0, slot: 0, bytes: payload.length, busyMs: 0, ...request }, payload);
}

/** @param {EngineHandle} engine */
function nextReply(engine) {
  return new Promise((/** @type {(reply: Reply) => void} */ resolve) => {
    engine.onReply = resolve;
  });
}

/**
 * The socket itself counts a write only when all of it is gone.
 *
 * @param {EngineHandle} engine
 */
function unsentBytesOf(engine) {
  const { _handle } = /** @type {{ _handle?: { writeQueueSize: number } }} */ (/** @type {unknown} */ (engine.socket));
  return _handle?.writeQueueSize ?? 0;
}

async function startReadyEngine() {
  const engine = startEngine('socketpair in place');
  const ready = nextReply(engine);
  ask(engine, {});
  await ready;
  return engine;
}

/** @param {EngineHandle} engine */
async function watchDeath(engine) {
  const socket = /** @type {import('node:net').Socket} */ (engine.socket);
  const killedAt = performance.now();
  const elapsed = () => performance.now() - killedAt;
  const seen = { error: Number.NaN, code: 'none', close: Number.NaN, exit: Number.NaN };
  socket.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
    seen.error = elapsed();
    seen.code = error.code ?? error.message;
  });
  const close = new Promise((resolve) => socket.on('close', resolve)).then(() => (seen.close = elapsed()));
  const exit = new Promise((resolve) => engine.child.on('exit', resolve)).then(() => (seen.exit = elapsed()));
  await Promise.all([close, exit]);
  return seen;
}

/** Kills an engine with a 20 MB frame half in the pipe, then sends that frame to a new engine. */
async function killInTheMiddle(busy = true) {
  const engine = await startReadyEngine();
  /** @type {number[]} */
  const answered = [];
  engine.onReply = (reply) => answered.push(reply.identifier);
  if (busy) {
    ask(engine, { identifier: 1, busyMs: 60_000 });
    await sleep(20);
  }
  ask(engine, { identifier: 2 }, large);
  if (busy) await sleep(20);
  else while (unsentBytesOf(engine) > large.length / 2) await new Promise((resolve) => setImmediate(resolve));
  const unsentBytes = unsentBytesOf(engine);
  const death = watchDeath(engine);
  engine.child.kill('SIGKILL');
  const seen = await death;

  const replacement = await startReadyEngine();
  const reply = nextReply(replacement);
  ask(replacement, { identifier: 2 }, large);
  const intact = (await reply).checksum === checksumOf(large);
  replacement.child.kill('SIGKILL');
  return { ...seen, unsentBytes, answered: answered.length, intact };
}

/** The engine answers one request and dies in the next: was the answer delivered? */
async function dieAfterAnswer() {
  const engine = await startReadyEngine();
  /** @type {number[]} */
  const answered = [];
  engine.onReply = (reply) => {
    answered.push(reply.identifier);
    ask(engine, { identifier: 3 }, large);
  };
  const death = watchDeath(engine);
  ask(engine, { identifier: 1, busyMs: 5 });
  ask(engine, { identifier: 2, behaviour: 'die after starting' });
  await death;
  return answered.length === 1 && answered[0] === 1;
}

/** @param {number} trials */
export async function measureKills(trials) {
  const running = [];
  const receiving = [];
  let delivered = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    running.push(await killInTheMiddle(true));
    receiving.push(await killInTheMiddle(false));
    if (await dieAfterAnswer()) delivered += 1;
  }
  return { trials, running, receiving, delivered };
}
