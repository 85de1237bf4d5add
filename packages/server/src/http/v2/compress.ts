import { promisify } from 'node:util';
import { constants, deflate, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

/** Below it a packet is sent either way. */
const worthwhileBytes = 1_024;
const compress = { gzip: promisify(gzip), deflate: promisify(deflate) };

/** The body compressed the way the client asks for, if he does; the reply says how. */
export async function compressed(request: FastifyRequest, reply: FastifyReply, body: Buffer): Promise<Buffer> {
  reply.header('vary', 'accept-encoding');
  if (request.headers['accept-encoding'] === undefined || body.length < worthwhileBytes) return body;
  const encoding = new Negotiator(request.raw).encoding(['gzip', 'deflate', 'identity']);
  if (encoding !== 'gzip' && encoding !== 'deflate') return body;
  reply.header('content-encoding', encoding);
  // Tensors hardly get smaller for all the time in the world.
  return compress[encoding](body, { level: constants.Z_BEST_SPEED });
}
