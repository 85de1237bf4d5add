import type { FastifyInstance } from 'fastify';
import { version } from '../../version.ts';
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
