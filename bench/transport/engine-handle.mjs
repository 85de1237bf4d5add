import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FrameReader, writeFrame } from './frame.mjs';
import { slotBytes, slotCount } from './settings.mjs';
import { mapSegment, openUnnamedSegment } from './shared-segment.mjs';

/** @import { Reply, Request, Transport } from './settings.mjs' */

/**
 * @typedef {object} EngineHandle
 * @property {import('node:child_process').ChildProcess} child
 * @property {import('node:net').Socket | undefined} socket
 * @property {(request: Request, payload: Buffer) => void} send
 * @property {(reply: Reply) => void} onReply set by whoever measures
 */

const program = fileURLToPath(new URL('./engine.mjs', import.meta.url));

/**
 * @param {Transport} transport
 * @returns {EngineHandle}
 */
export function startEngine(transport) {
  return transport.startsWith('ipc') ? startMessageEngine(transport) : startFrameEngine(transport);
}

/**
 * @param {Transport} transport
 * @returns {EngineHandle}
 */
function startMessageEngine(transport) {
  const encoded = transport === 'ipc json base64';
  const child = spawn(process.execPath, [program, transport], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: encoded ? 'json' : 'advanced',
  });
  /** @type {EngineHandle} */
  const handle = {
    child,
    socket: undefined,
    send: (request, payload) => child.send({ request, payload: encoded ? payload.toString('base64') : payload }),
    onReply: () => {},
  };
  child.on('message', (reply) => handle.onReply(/** @type {Reply} */ (reply)));
  return handle;
}

/**
 * @param {Transport} transport
 * @returns {EngineHandle}
 */
function startFrameEngine(transport) {
  const segment = transport.startsWith('shm') ? openUnnamedSegment(slotBytes * slotCount) : undefined;
  const child = spawn(process.execPath, [program, transport], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe', segment ? segment.descriptor : 'ignore'],
  });
  const socket = /** @type {import('node:net').Socket} */ (child.stdio[3]);
  const memory =
    transport === 'shm mmap' && segment ? mapSegment(segment.descriptor, slotBytes * slotCount) : undefined;
  child.on('exit', () => segment?.close());
  /** @type {EngineHandle} */
  const handle = {
    child,
    socket,
    send: (request, payload) => {
      if (memory) payload.copy(memory, request.slot * slotBytes);
      else if (segment) writeSync(segment.descriptor, payload, 0, payload.length, request.slot * slotBytes);
      writeFrame(socket, request, segment ? undefined : payload);
    },
    onReply: () => {},
  };
  const reader = new FrameReader((reply) => handle.onReply(reply));
  socket.on('data', (chunk) => reader.push(chunk));
  return handle;
}
