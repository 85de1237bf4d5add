import { Socket } from 'node:net';
import { FrameReader } from './frame.mjs';
import { frameDescriptor } from './settings.mjs';

/** @import { Request } from './settings.mjs' */

/**
 * The engine's end of the socketpair.
 *
 * @param {boolean} readInPlace lets the kernel write a body straight to where it belongs
 * @param {(request: Request, body: Buffer | undefined) => void} onFrame
 */
export function openFrameSocket(readInPlace, onFrame) {
  const reader = new FrameReader(onFrame);
  const scratch = Buffer.allocUnsafeSlow(65_536);
  const onread = {
    buffer: () => reader.missingBody ?? scratch,
    callback: (/** @type {number} */ count, /** @type {Uint8Array} */ buffer) => {
      if (buffer === scratch) reader.push(scratch.subarray(0, count));
      else reader.advance(count);
      return true;
    },
  };
  const socket = new Socket({ fd: frameDescriptor, ...(readInPlace ? { onread } : {}) });
  if (!readInPlace) socket.on('data', (chunk) => reader.push(chunk));
  socket.on('error', () => {});
  socket.on('close', () => process.kill(process.pid, 'SIGKILL'));
  socket.resume();
  return socket;
}
