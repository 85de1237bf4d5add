import { errorTable, type Failure } from '@portico/schemas';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { version } from '../../version.ts';
import { failureOfError } from '../errors/failure-of-error.ts';
import { closeAfterRefusal } from '../errors/lingering-close.ts';
import type { Gateway } from '../gateway.ts';
import { readyStatus } from '../served-model.ts';
import { findTensors } from '../served-tensors.ts';
import { signatureOrRefuse } from '../tensors/ask-tensors.ts';
import { admitTensors, type ModelRequest, tensorsHandler } from './tensors-handler.ts';

/** What Triton calls ONNX files; some clients look at it. */
const platform = 'onnxruntime_onnx';

/**
 * The Open Inference Protocol for every file of the model repository, with Triton's extension for binary data.
 * https://github.com/kserve/open-inference-protocol
 */
export async function v2Routes(app: FastifyInstance, { gateway }: { gateway: Gateway }): Promise<void> {
  app.removeAllContentTypeParsers();
  // Bodies are read in the handler, where limits and the memory for uploads are counted.
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.setErrorHandler((error, request, reply) => {
    const failure = failureOfError(error);
    request.failure = failure;
    if (failure.code === 'INTERNAL') request.log.error({ err: failure.cause ?? failure }, 'A defect');
    return sendError(request, reply, failure);
  });

  for (const path of ['/v2', '/v2/']) {
    app.get(path, async () => ({ name: 'portico', version, extensions: ['binary_tensor_data'] }));
  }
  app.get('/v2/health/live', async () => ({ live: true }));
  app.get('/v2/health/ready', async (_request, reply) => {
    const ready = readyStatus(gateway).status === 'ready';
    return reply.status(ready ? 200 : 503).send({ ready });
  });

  for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    app.get(path, async ({ params }: ModelRequest) => {
      const served = findTensors(gateway.tensors, params.model, params.version);
      const { inputs, outputs } = signatureOrRefuse(served);
      const versions = [...(gateway.tensors.get(served.name)?.keys() ?? [])];
      return { name: served.name, versions, platform, inputs, outputs };
    });
    app.get(`${path}/ready`, async ({ params }: ModelRequest, reply) => {
      const { name, dispatcher } = findTensors(gateway.tensors, params.model, params.version);
      return reply.status(dispatcher.ready ? 200 : 503).send({ name, ready: dispatcher.ready });
    });
    app.post(`${path}/infer`, { onRequest: admitTensors(gateway) }, tensorsHandler(gateway));
  }
}

/** The protocol has one shape for errors, and no 422. */
function sendError(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  if (failure.retryAfterSeconds !== undefined) reply.header('retry-after', String(failure.retryAfterSeconds));
  closeAfterRefusal(request, reply);
  const { status } = errorTable[failure.code];
  return reply.status(status === 422 ? 400 : status).send({ error: failure.message });
}
