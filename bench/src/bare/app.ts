import Fastify, { type FastifyInstance } from 'fastify';

/** Fastify that collects bodies and does nothing else. */
export function bareApp(): FastifyInstance {
  const app = Fastify({ logger: false });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.get('/ready', async () => ({ status: 'ready' }));
  return app;
}

export async function listen(app: FastifyInstance): Promise<void> {
  await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
}
