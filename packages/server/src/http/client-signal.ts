import type { FastifyReply } from 'fastify';

const signals = new WeakMap<FastifyReply['raw'], AbortSignal>();

/** Aborted when the client leaves before the answer has gone out. */
export function clientSignal(reply: FastifyReply): AbortSignal {
  const known = signals.get(reply.raw);
  if (known !== undefined) return known;
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  signals.set(reply.raw, controller.signal);
  return controller.signal;
}
