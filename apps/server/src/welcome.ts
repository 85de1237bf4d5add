import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Config } from './config.ts';

/** Says where the server listens and, for newcomers, a line to paste. */
export function welcome(app: FastifyInstance, config: Config, logger: FastifyBaseLogger): void {
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  const url = `http://localhost:${port}`;
  logger.info({ port }, `Portico listens on ${url}, documentation at ${url}/docs`);
  if (config.models.some(({ name }) => name === 'ocr')) {
    // For people, whatever form the log has; stdout stays with the log.
    process.stderr.write(`Try: curl -F file=@samples/page.jpg ${url}/ocr\n`);
  }
}
