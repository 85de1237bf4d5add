import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { InferInput } from '../../inference.ts';
import type { Gateway, ServedModel } from '../gateway.ts';
import { inferItems, inferOptions } from '../infer-items.ts';
import { checkHeaders, outputType, outputTypes, timeoutOf } from '../input/headers.ts';
import { readInput } from '../input/read-input.ts';
import { observeItems, observeRequest, outputHeaders } from '../metrics.ts';
import { choiceSchemas } from '../openapi/params.ts';
import { batchHandler } from './batch.ts';
import { taskPaths } from './openapi.ts';
import { sendEvents } from './server-sent-events.ts';

/** Forms carry a handful of parameters; each field is short. */
const formLimits = { fields: 64, fieldSize: 64 * 1024, fieldNameSize: 100, headerPairs: 32 };

/** `POST /<task>` and `POST /<task>/batch` for every served model. */
export async function taskRoutes(app: FastifyInstance, { gateway }: { gateway: Gateway }): Promise<void> {
  await acceptBodies(app, gateway);
  const { maxBatchItems } = gateway.limits;
  for (const model of gateway.models.values()) {
    Object.assign(app.protocols.openApiPaths, taskPaths(model, maxBatchItems));
    Object.assign(app.protocols.openApiSchemas, choiceSchemas(model.task));
    const path = `/${model.task.name}`;
    app.post(path, { onRequest: checkHeaders(gateway, model) }, inferHandler(gateway, model));
    app.post(`${path}/batch`, { onRequest: checkHeaders(gateway, model, 'batch') }, batchHandler(gateway, model));
  }
}

/** Leaves bodies of any type to the handlers, which enforce limits and count upload memory, and has forms parsed. */
export async function acceptBodies(app: FastifyInstance, { limits }: Pick<Gateway, 'limits'>): Promise<void> {
  const { maxUploadBytes, maxBatchItems } = limits;
  app.removeAllContentTypeParsers();
  await app.register(multipart, {
    limits: { ...formLimits, files: maxBatchItems + 1, parts: 128 + maxBatchItems, fileSize: maxUploadBytes + 1 },
    // A part named "file" is the file, whether or not its sender gave it a file name; fields are decoded as text.
    isPartAFile: (field: string | undefined, _type: string | undefined, fileName: string | undefined) =>
      fileName !== undefined || field === 'file',
  });
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}

/**
 * A form, a raw body or JSON in; JSON, bytes or a stream of items out, as the engine wrote it. Another protocol may have
 * read the input already.
 */
export function inferHandler(gateway: Gateway, model: ServedModel) {
  const { task, dispatcher } = model;
  const types = outputTypes(task);
  return async (request: FastifyRequest, reply: FastifyReply, received?: InferInput): Promise<FastifyReply> => {
    const read = (): Promise<InferInput> =>
      received === undefined ? readInput(gateway, task, request) : Promise.resolve(received);
    const type = outputType(request, task.name, types);
    // A wrong timeout is reported after everything that is wrong with the input.
    const options = () => inferOptions(request, reply, timeoutOf(request, model.timeoutMs));

    if (type === 'text/event-stream') {
      const items = inferItems(gateway, model, { read, options, onSettled: () => request.uploadLease?.release() });
      return sendEvents(request, reply, observeItems(gateway.requests, task.name, items));
    }

    const outputAs = type === task.produces?.mediaType ? 'bytes' : undefined;
    const output = await observeRequest(gateway.requests, task.name, async () => {
      const input = await read();
      return dispatcher.submit({ ...input, outputAs }, options());
    }).finally(() => request.uploadLease?.release());
    return reply
      .headers(outputHeaders(output))
      .type(outputAs === undefined ? 'application/json; charset=utf-8' : type)
      .send(output.bytes);
  };
}
