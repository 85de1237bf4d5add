import { Failure, type TensorDescription, type TensorMetadata } from '@portico/schemas';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RawTensor } from '../../tensors/raw-tensor.ts';
import { version } from '../../version.ts';
import { allTensors, findTensors, type Gateway, type ServedTensors } from '../gateway.ts';
import { inferOptions } from '../infer-items.ts';
import { inferTensors, signatureOf } from '../infer-tensors.ts';
import { readBody, uploadLease } from '../input/body.ts';
import { admitBody, timeoutOf } from '../input/headers.ts';
import { toFailure } from '../errors/error-response.ts';
import { observeRequest, serverTiming } from '../metrics.ts';
import { checkRate } from '../plugins/rate-limit.ts';
import { readyStatus } from '../status.ts';
import { compress, compressionOf, decompress, encodingFor } from './compression.ts';
import { modelConfig, platform } from './model-config.ts';
import { tensorStatistics } from './model-statistics.ts';
import { extensions, tensorPaths } from './openapi.ts';
import { repositoryRoutes } from './repository-routes.ts';
import { readRequest } from './request.ts';
import { formatError, writeResponse } from './response.ts';
import { refuseUnsupported } from './unsupported.ts';

type ModelRequest = FastifyRequest<{ Params: { model: string; version?: string } }>;

/** The length of the JSON at the start of a body, the rest of which is binary data. */
export const headLengthHeader = 'inference-header-content-length';

/**
 * The Open Inference Protocol for every file of the model repository, with Triton's extension for binary data.
 * https://github.com/kserve/open-inference-protocol
 */
export async function v2Routes(app: FastifyInstance, { gateway }: { gateway: Gateway }): Promise<void> {
  app.removeAllContentTypeParsers();
  // Bodies are read in the handler, which enforces limits and counts upload memory.
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  const { probes, errorFormats, openApiPaths } = app.protocols;
  for (const path of ['/v2/health/live', '/v2/health/ready']) probes.add(path);
  errorFormats.set('/v2', formatError);
  const names = [...gateway.tensors.keys()];
  // Models that come later are not in the document, which therefore names none.
  Object.assign(openApiPaths, tensorPaths(gateway.repository.control === undefined ? names : 'any'));
  await app.register(repositoryRoutes, { gateway });

  for (const path of ['/v2', '/v2/']) {
    app.get(path, async () => ({ name: 'portico', version, extensions }));
  }
  app.get('/v2/health/live', async () => ({ live: true }));
  app.get('/v2/health/ready', async (_request, reply) => {
    const ready = readyStatus(gateway).status === 'ready';
    return reply.status(ready ? 200 : 503).send({ ready });
  });

  app.get('/v2/models', async () => ({ models: [...gateway.tensors.keys()] }));
  app.get('/v2/models/stats', async () => tensorStatistics(gateway.statistics, allTensors(gateway.tensors)));
  refuseUnsupported(app);

  const named = (request: FastifyRequest): ServedTensors => modelOf(gateway, request as ModelRequest);
  for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    app.get(path, async (request: ModelRequest) => {
      const served = modelOf(gateway, request);
      const { inputs, outputs } = signatureOf(served);
      const versions = [...(gateway.tensors.get(served.name)?.keys() ?? [])];
      return {
        name: served.name,
        versions,
        platform,
        inputs: inputs.map(metadataOf),
        outputs: outputs.map(metadataOf),
      };
    });
    app.get(`${path}/ready`, async (request: ModelRequest, reply) => {
      const { name, dispatcher } = modelOf(gateway, request);
      return reply.status(dispatcher.ready ? 200 : 503).send({ name, ready: dispatcher.ready });
    });
    app.get(`${path}/config`, async (request: ModelRequest) => modelConfig(modelOf(gateway, request)));
    app.get(`${path}/stats`, async (request: ModelRequest) => {
      const served = modelOf(gateway, request);
      const versions = request.params.version === undefined ? gateway.tensors.get(served.name)?.values() : [served];
      return tensorStatistics(gateway.statistics, [...(versions ?? [])]);
    });
    app.post(`${path}/infer`, { onRequest: checkInferHeaders(gateway, named) }, inferHandler(gateway, named));
  }
}

/** What the protocol knows of a tensor. */
const metadataOf = ({ name, datatype, shape }: TensorDescription): TensorMetadata => ({ name, datatype, shape });

const modelOf = (gateway: Gateway, { params }: ModelRequest): ServedTensors =>
  findTensors(gateway.tensors, params.model, params.version);

/** Which model a request is for. Throws `NOT_FOUND` where there is none. */
export type ServedOf = (request: FastifyRequest) => ServedTensors;

/** A hook that checks everything the headers decide, in the order of the other protocols. */
export function checkInferHeaders(gateway: Gateway, servedOf: ServedOf) {
  const { maxUploadBytes } = gateway.limits;
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    let models: readonly string[] = [];
    try {
      const served = servedOf(request);
      models = [served.dispatcher.model];
      checkRate(gateway, request, models);
      compressionOf(request);
      admitBody(gateway, request, reply, { maxBytes: maxUploadBytes, target: served, models });
    } catch (error) {
      const failure = toFailure(error);
      for (const model of models) gateway.requests.ended(model, failure.code, reply.elapsedTime);
      return done(failure);
    }
    done();
  };
}

/** A whole body, decompressed. */
export function readTensorBody(gateway: Gateway, request: FastifyRequest): Promise<Buffer> {
  const body = readBody(gateway, request, gateway.limits.maxUploadBytes);
  return compressionOf(request) === undefined ? body : body.then((bytes) => decompress(gateway, request, bytes));
}

/** `POST …/infer`: tensors in and tensors out, as JSON or as binary data. Another protocol may have read the body already. */
export function inferHandler(gateway: Gateway, servedOf: ServedOf) {
  const { maxUploadBytes } = gateway.limits;
  const infer = async (request: FastifyRequest, reply: FastifyReply, received?: Buffer) => {
    const headBytes = declaredHeadBytes(request);
    const bytes = received ?? (await readTensorBody(gateway, request));
    // Now: another version may have taken its place while the body came.
    const served = servedOf(request);
    return served.holds.during(() => inferBody(served, { bytes, headBytes }, request, reply));
  };
  const inferBody = async (
    served: ServedTensors,
    { bytes, headBytes }: { readonly bytes: Buffer; readonly headBytes: number | undefined },
    request: FastifyRequest,
    reply: FastifyReply,
  ) => {
    const signature = signatureOf(served);
    const { id, inputs, outputs, isBinary, timeoutMs } = await readRequest(
      { bytes, headBytes, maxUploadBytes },
      signature,
    );
    const copied = copiedBytes(inputs, bytes);
    if (copied > 0) uploadLease(gateway, request).take(copied);
    const maxMs = timeoutOf(request, served.timeoutMs);
    const output = await inferTensors(
      served,
      { inputs, outputs },
      inferOptions(request, reply, Math.min(maxMs, timeoutMs ?? maxMs)),
    );
    const { name: model, version } = served;
    return { response: await writeResponse({ model, version, id }, output.outputs, isBinary), times: output.times };
  };
  return async (request: FastifyRequest, reply: FastifyReply, received?: Buffer): Promise<FastifyReply> => {
    const served = servedOf(request);
    try {
      const { response, times } = await observeRequest(gateway.requests, served.dispatcher.model, () =>
        infer(request, reply, received),
      );
      if (response.headBytes !== undefined) reply.header(headLengthHeader, String(response.headBytes));
      reply
        .header('server-timing', serverTiming({ times }))
        .header('vary', 'accept-encoding')
        .type(response.headBytes === undefined ? 'application/json; charset=utf-8' : 'application/octet-stream');
      const encoding = encodingFor(request, response.body);
      if (encoding === undefined) return reply.send(response.body);
      return reply.header('content-encoding', encoding).send(await compress(encoding, response.body));
    } finally {
      request.uploadLease?.release();
    }
  };
}

/** Bytes of tensors beside the body: values that were text, and those of several tensors joined into one input. */
const copiedBytes = (inputs: readonly RawTensor[], body: Uint8Array): number =>
  inputs.reduce((sum, { bytes }) => {
    const copies = (bytes.buffer === body.buffer ? 0 : 1) + (inputs.length > 1 ? 1 : 0);
    return sum + copies * bytes.byteLength;
  }, 0);

function declaredHeadBytes(request: FastifyRequest): number | undefined {
  const text = request.headers[headLengthHeader];
  if (text === undefined) return undefined;
  if (typeof text === 'string' && /^\d{1,15}$/.test(text)) return Number(text);
  throw new Failure('BAD_INPUT', 'Inference-Header-Content-Length is not a number of bytes.');
}
