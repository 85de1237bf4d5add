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
    return done(null, new Pieces([bytes], unread));
  });
}

/**
 * Sends `{"name":[…]}` with these elements, each in pieces of JSON. Joined, 30 MB would hold the loop for tens of milliseconds, and
 * twice the memory.
 */
export function sendList(
  gateway: Gateway,
  reply: FastifyReply,
  name: string,
  elements: readonly (readonly (string | Uint8Array)[])[],
): FastifyReply {
  const texts = elements.flatMap((element, index) => (index === 0 ? element : [',', ...element]));
  const pieces = [`{"${name}":[`, ...texts, ']}'].map((piece) =>
    typeof piece === 'string' ? Buffer.from(piece) : piece,
  );
  const length = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const unread = unreadOf.get(reply.raw) ?? countUnread(gateway, reply, length);
  if (unread === undefined) return reply.send(Buffer.concat(pieces));
  return reply.header('content-length', length).send(new Pieces(pieces, unread));
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

/** All of it is held until the last piece has been read. */
class Pieces extends Readable {
  readonly #all: readonly Uint8Array[];
  readonly #unread: UnreadOutput;
  #index = 0;
  #at = 0;

  constructor(all: readonly Uint8Array[], unread: UnreadOutput) {
    super({ highWaterMark: pieceBytes });
    this.#all = all;
    this.#unread = unread;
  }

  override _read(): void {
    const taken: Uint8Array[] = [];
    let left = pieceBytes;
    for (let from = this.#all[this.#index]; from !== undefined && left > 0; from = this.#all[this.#index]) {
      const part = from.subarray(this.#at, this.#at + left);
      taken.push(part);
      left -= part.length;
      this.#at += part.length;
      if (this.#at < from.length) continue;
      this.#index += 1;
      this.#at = 0;
    }
    this.#unread.read(0);
    const [first = null] = taken;
    this.push(taken.length > 1 ? Buffer.concat(taken) : first);
  }
}
