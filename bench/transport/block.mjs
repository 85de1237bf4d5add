import { checksumOf, cpuMicroseconds, slotCount } from './settings.mjs';

/** @import { EngineHandle } from './engine-handle.mjs' */

/**
 * @typedef {object} Block
 * @property {number[]} latencies send to reply
 * @property {number[]} overheads the same without the engine's own run
 * @property {number[]} idles between two runs of the engine
 * @property {number} perSecond
 * @property {number} gatewayCpu milliseconds per call
 * @property {number} engineCpu milliseconds per call
 */

/**
 * Sends `calls` requests and keeps `depth` of them with the engine.
 *
 * @param {EngineHandle} engine
 * @param {{ payload: Buffer, calls: number, depth: number, busyMs: number }} plan
 * @returns {Promise<Block>}
 */
export function runBlock(engine, { payload, calls, depth, busyMs }) {
  const expected = checksumOf(payload);
  /** @type {Block} */
  const block = { latencies: [], overheads: [], idles: [], perSecond: 0, gatewayCpu: 0, engineCpu: 0 };
  /** @type {number[]} */
  const sentAt = [];
  let received = 0;
  let firstReplyAt = 0;
  let gatewayCpuBefore = 0;
  let engineCpuBefore = 0;

  const sendNext = () => {
    const identifier = sentAt.length;
    sentAt.push(performance.now());
    engine.send({ identifier, slot: identifier % slotCount, bytes: payload.length, busyMs }, payload);
  };

  return new Promise((resolve, reject) => {
    engine.onReply = (reply) => {
      const now = performance.now();
      if (reply.identifier !== received || reply.checksum !== expected) {
        reject(new Error(`Reply ${reply.identifier} does not answer request ${received}.`));
        return;
      }
      received += 1;
      const latency = now - (sentAt[reply.identifier] ?? 0);
      block.latencies.push(latency);
      block.overheads.push(latency - reply.ranMs);
      // The first call only starts the clocks: before it the engine waited for its turn, not for the wire.
      if (received === 1) {
        firstReplyAt = now;
        gatewayCpuBefore = cpuMicroseconds();
        engineCpuBefore = reply.cpuMicroseconds;
      } else {
        block.idles.push(reply.idleMs);
      }
      if (sentAt.length < calls) sendNext();
      if (received < calls) return;
      const counted = calls - 1;
      block.perSecond = (counted * 1000) / (now - firstReplyAt);
      block.gatewayCpu = (cpuMicroseconds() - gatewayCpuBefore) / 1000 / counted;
      block.engineCpu = (reply.cpuMicroseconds - engineCpuBefore) / 1000 / counted;
      resolve(block);
    };
    for (let sent = 0; sent < Math.min(depth, calls); sent += 1) sendNext();
  });
}
