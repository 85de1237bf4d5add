import type { FastifyReply, FastifyRequest } from 'fastify';

/** How long the rest of a refused upload is read and thrown away, so that the caller gets to see the answer. */
const lingerMilliseconds = 2_000;

/**
 * Ends the connection of a request that was answered before its body had arrived. Closing at once would reset the
 * connection under a caller who is still sending, and lose the answer; reading on without end would be an invitation.
 */
export function closeAfterRefusal(request: FastifyRequest, reply: FastifyReply): void {
  if (request.raw.complete) return;
  reply.raw.once('finish', () => {
    if (request.raw.complete) return;
    const { socket } = request.raw;
    const timer = setTimeout(() => socket.destroy(), lingerMilliseconds);
    timer.unref();
    request.raw.once('end', () => clearTimeout(timer));
    socket.once('close', () => clearTimeout(timer));
    request.raw.resume();
  });
}
