import { parentPort } from 'node:worker_threads';
import { openFrameSocket } from './frame-socket.mjs';
import { writeFrame } from './frame.mjs';

const socket = openFrameSocket(true, (request, body) => {
  if (body) parentPort?.postMessage({ request, body }, [/** @type {ArrayBuffer} */ (body.buffer)]);
});
parentPort?.on('message', (reply) => writeFrame(socket, reply));
