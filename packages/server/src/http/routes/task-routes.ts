import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import type { Gateway } from '../gateway.ts';
import { batchHandler } from './batch-handler.ts';
import { admitUpload } from './admit-upload.ts';
import { inferHandler } from './infer-handler.ts';

/** Forms carry a handful of parameters; each field is short. */
const formLimits = { fields: 64, fieldSize: 64 * 1024, fieldNameSize: 100, headerPairs: 32 };

/** `POST /<task>` and `POST /<task>/batch` for every served model. */
export async function taskRoutes(app: FastifyInstance, { gateway }: { gateway: Gateway }): Promise<void> {
  app.removeAllContentTypeParsers();
  const { maxUploadBytes, maxBatchItems } = gateway.limits;
  await app.register(multipart, {
    limits: { ...formLimits, files: maxBatchItems + 1, parts: 128 + maxBatchItems, fileSize: maxUploadBytes + 1 },
  });
  // Bodies are read in the handlers, where limits and the memory for uploads are counted.
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  for (const model of gateway.models.values()) {
    const onRequest = admitUpload(gateway, model);
    app.post(`/${model.task.name}`, { onRequest }, inferHandler(gateway, model));
    if (model.task.accepts.kind === 'json') continue;
    app.post(
      `/${model.task.name}/batch`,
      { onRequest: admitUpload(gateway, model, 'multipart only') },
      batchHandler(gateway, model),
    );
  }
}
