import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { holdsBodyBack } from '../plugins/expect-continue.ts';

/** How long the rest of a refused upload is read and thrown away, so that the client gets to see the answer. */
const lingerMs = 2_000;

/**
 * Ends the connection of a request that was answered before its body had arrived. Closing at once would reset the
 * connection under a client who is still sending, and lose the answer; reading on without end would be an invitation.
 */
export function closeAfterRefusal(request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = request;
  if (raw.complete) return;
  if (holdsBodyBack(request)) {
    // Whether the body still comes is up to the client, so what follows on this connection could be either.
    reply.header('connection', 'close');
    return;
  }
  // A request whose stream was destroyed has lost its socket.
  const socket: Socket | null = raw.socket;
  reply.raw.once('finish', () => {
    if (raw.complete || socket === null) return;
    const callOff = destroyAfterLinger(socket);
    raw.once('end', callOff);
    // A parser that has stopped reading would hold the rest back.
    raw.unpipe();
    raw.resume();
  });
}

/** Destroys the socket unless it closes, or it is called off, within the time to linger. */
export function destroyAfterLinger(socket: Socket): () => void {
  const timer = setTimeout(() => socket.destroy(), lingerMs).unref();
  const callOff = (): void => clearTimeout(timer);
  socket.once('close', callOff);
  return callOff;
}
