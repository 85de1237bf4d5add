import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { UnreadOutput } from '../dispatch/unread-outputs.ts';
import type { Gateway } from './gateway.ts';
import { exchangeOf } from './plugins/exchanges.ts';

/** The buffers of the system take anything smaller, so it is not counted. */
export const minCountedBytes = 64 * 1024;
/** A larger response is written in pieces, so that it shows whether its client reads. */
const pieceBytes = 256 * 1024;

/** One for each response, however many calls it answers. */
const unreadOf = new WeakMap<ServerResponse, UnreadOutput>();

/** Counts the outputs that clients have not read, and ends those of which nothing is read when there are too many. */
export function boundUnreadResponses(app: FastifyInstance, gateway: Gateway): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.method !== 'POST' || !(typeof payload === 'string' || payload instanceof Uint8Array))
      return done(null, payload);
    if (payload.length < minCountedBytes) return done(null, payload);
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const unread = countUnread(gateway, reply, bytes.length);
    if (unread === undefined || bytes.length <= pieceBytes) return done(null, bytes);
    reply.header('content-length', bytes.length);
    // All of it is held until the last piece has been read.
    return done(null, new Pieces(bytes, () => unread.read(0)));
  });
}

/** Counts an output until its connection is done with it; undefined for one that is too small to count. */
export function countUnread({ outputs }: Gateway, reply: FastifyReply, bytes: number): UnreadOutput | undefined {
  if (bytes < minCountedBytes) return undefined;
  const unread = unreadOf.get(reply.raw) ?? openUnread(outputs, reply);
  unread.add(bytes);
  return unread;
}

function openUnread(outputs: Gateway['outputs'], reply: FastifyReply): UnreadOutput {
  const unread = outputs.open(() => reply.request.raw.socket.destroy());
  unreadOf.set(reply.raw, unread);
  exchangeOf(reply).onEnd(() => unread.close());
  return unread;
}

class Pieces extends Readable {
  readonly #bytes: Uint8Array;
  readonly #onRead: () => void;
  #at = 0;

  constructor(bytes: Uint8Array, onRead: () => void) {
    super({ highWaterMark: pieceBytes });
    this.#bytes = bytes;
    this.#onRead = onRead;
  }

  override _read(): void {
    const piece = this.#bytes.subarray(this.#at, this.#at + pieceBytes);
    this.#at += piece.length;
    this.#onRead();
    this.push(piece.length === 0 ? null : piece);
  }
}
