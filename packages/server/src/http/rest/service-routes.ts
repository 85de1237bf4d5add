import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import type { Gateway } from '../gateway.ts';
import { openApiDocument } from '../openapi/document.ts';
import { modelList, readyStatus } from '../status.ts';
import { docsPage } from './docs-page.ts';
import { homePage, type HomePageOptions } from './home-page.ts';

export interface ServiceRoutesOptions extends HomePageOptions {
  readonly gateway: Gateway;
  readonly registry: Registry;
  /** `API_KEYS` is set. */
  readonly needsKey: boolean;
  /** What clients write in front of the paths of a request. */
  readonly pathPrefix: (request: FastifyRequest) => string;
}

/** What the service reports about itself: addresses, probes, GPUs, models, metrics, and the documentation of all protocols. */
export async function serviceRoutes(
  app: FastifyInstance,
  { gateway, registry, needsKey, pathPrefix, ...home }: ServiceRoutesOptions,
): Promise<void> {
  for (const path of ['/health', '/ready']) app.protocols.probes.add(path);
  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/ready', async (_request, reply) => {
    const status = readyStatus(gateway);
    return reply.status(status.status === 'ready' ? 200 : 503).send(status);
  });
  app.get('/gpu', async () => gateway.gpu());
  app.get('/models', async () => modelList(gateway));
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));

  const document = openApiDocument(app.protocols, needsKey);
  app.get('/openapi.json', async (request) => ({ ...document, servers: [{ url: pathPrefix(request) || '/' }] }));
  await app.register(homePage, home);
  await app.register(docsPage, { document, needsKey });
}
