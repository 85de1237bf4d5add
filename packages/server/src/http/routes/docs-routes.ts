import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { Gateway } from '../gateway.ts';
import { openApiDocument } from '../openapi/document.ts';

/** `GET /openapi.json`, and `/docs`, a page for it whose scripts come from this server. */
export async function docsRoutes(
  app: FastifyInstance,
  { gateway, wantsKey }: { gateway: Gateway; wantsKey: boolean },
): Promise<void> {
  const tasks = [...gateway.models.values()].map(({ task }) => task);
  const document = openApiDocument(tasks, {
    tensors: [...gateway.tensors.keys()],
    maxBatchItems: gateway.limits.maxBatchItems,
    wantsKey,
  });
  app.get('/openapi.json', async () => document);
  await app.register(swagger, { mode: 'static', specification: { document: document as never } });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title: 'Portico', css: [{ filename: 'portico.css', content: '.swagger-ui .topbar { display: none }' }] },
  });
}
