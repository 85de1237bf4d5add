import type { FastifyInstance } from 'fastify';
import type { Gateway } from '../gateway.ts';
import { modelList, readyStatus } from '../served-model.ts';

/** Liveness, readiness, GPUs and models. */
export async function probeRoutes(app: FastifyInstance, { gateway }: { gateway: Gateway }): Promise<void> {
  app.get('/health', async () => ({ status: 'ok' }));

  app.get('/ready', async (_request, reply) => {
    const status = readyStatus(gateway);
    return reply.status(status.status === 'ready' ? 200 : 503).send(status);
  });

  app.get('/gpu', async () => gateway.gpu());

  app.get('/models', async () => modelList(gateway));
}
