import { readSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { openFrameSocket } from './frame-socket.mjs';
import { writeFrame } from './frame.mjs';
import { checksumOf, cpuMicroseconds, segmentDescriptor, slotBytes, slotCount } from './settings.mjs';
import { mapSegment } from './shared-segment.mjs';

/** @import { Reply, Request, Transport } from './settings.mjs' */

const words = Array.from({ length: 12 }, (_, index) => ({
  text: `word ${index}`,
  score: 0.987,
  box: [10.5, 20.25, 110.5, 44.75],
}));
let lastRunEnded = performance.now();

/**
 * @param {Request} request
 * @param {Uint8Array} payload
 * @returns {Reply}
 */
function run(request, payload) {
  const started = performance.now();
  const idleMs = started - lastRunEnded;
  if (request.behaviour === 'die after starting') process.kill(process.pid, 'SIGKILL');
  const checksum = checksumOf(payload);
  while (performance.now() - started < request.busyMs);
  lastRunEnded = performance.now();
  return {
    identifier: request.identifier,
    checksum,
    ranMs: lastRunEnded - started,
    idleMs,
    cpuMicroseconds: cpuMicroseconds(),
    result: words,
  };
}

function serveMessages() {
  process.on('message', (/** @type {{ request: Request, payload: Uint8Array | string }} */ { request, payload }) => {
    process.send?.(run(request, typeof payload === 'string' ? Buffer.from(payload, 'base64') : payload));
  });
}

/** @param {(request: Request, body: Buffer | undefined) => Uint8Array} payloadOf */
function serveFrames(payloadOf, readInPlace = false) {
  const socket = openFrameSocket(readInPlace, (request, body) =>
    writeFrame(socket, run(request, payloadOf(request, body))),
  );
}

// Only the thread that reads is awake while the other one runs, so the next body arrives during the run.
function serveFromReaderThread() {
  const reader = new Worker(new URL('./reader-thread.mjs', import.meta.url));
  reader.on('message', ({ request, body }) => reader.postMessage(run(request, body), []));
}

/** @type {Record<Transport, () => void>} */
const serve = {
  'ipc advanced': serveMessages,
  'ipc json base64': serveMessages,
  socketpair: () => serveFrames((_, body) => body ?? Buffer.alloc(0)),
  'socketpair in place': () => serveFrames((_, body) => body ?? Buffer.alloc(0), true),
  'socketpair reader thread': serveFromReaderThread,
  'shm file': () =>
    serveFrames(({ slot, bytes }) => {
      const payload = Buffer.allocUnsafeSlow(bytes);
      readSync(segmentDescriptor, payload, 0, bytes, slot * slotBytes);
      return payload;
    }),
  'shm mmap': () => {
    const segment = mapSegment(segmentDescriptor, slotBytes * slotCount);
    serveFrames(({ slot, bytes }) => segment.subarray(slot * slotBytes, slot * slotBytes + bytes));
  },
};

serve[/** @type {Transport} */ (process.argv[2])]();
