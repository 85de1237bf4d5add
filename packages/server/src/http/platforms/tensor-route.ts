import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Gateway, ServedTensors } from '../gateway.ts';
import { inferOptions } from '../infer-items.ts';
import { inferTensors, signatureOf } from '../infer-tensors.ts';
import { uploadLease } from '../input/body.ts';
import { timeoutOf } from '../input/headers.ts';
import { normalMediaType } from '../input/media-type.ts';
import { observeFailure, observeRequest, serverTiming } from '../metrics.ts';
import { checkInferHeaders, headLengthHeader, inferHandler, readTensorBody, type ServedOf } from '../v2/routes.ts';
import { readRows, rowsFromTensors, tensorsFromRows } from './tensor-rows.ts';

/** The last is what `curl -d` sends, whatever the body. */
const jsonTypes: ReadonlySet<string> = new Set(['application/json', '', 'application/x-www-form-urlencoded']);

/** The route of a platform to an ONNX file: tensors as under `/v2`, and JSON with a row for each instance. */
export function tensorRoute(gateway: Gateway, servedOf: ServedOf) {
  const infer = inferHandler(gateway, servedOf);
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const isBinary = request.headers[headLengthHeader] !== undefined;
    if (isBinary || !jsonTypes.has(normalMediaType(request.headers['content-type']))) return infer(request, reply);
    const { model } = servedOf(request).dispatcher;
    const bytes = await observeFailure(gateway.requests, [model], () => readTensorBody(gateway, request));
    // Now: another version may have taken its place while the body came.
    const served = servedOf(request);
    return served.holds.during(() => inferRows(served, bytes, request, reply));
  };
  const inferRows = async (
    served: ServedTensors,
    bytes: Buffer,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const { model } = served.dispatcher;
    const rows = await observeFailure(gateway.requests, [model], async () => {
      const signature = signatureOf(served);
      const instances = await readRows(bytes, signature);
      if (instances === undefined) return undefined;
      const inputs = await tensorsFromRows(instances, signature);
      uploadLease(gateway, request).take(inputs.reduce((sum, { bytes }) => sum + bytes.byteLength, 0));
      // As values they take several times as much, and nothing counts it: they go before the wait for an engine.
      return { inputs, count: instances.length };
    });
    if (rows === undefined) return infer(request, reply, bytes);
    try {
      const { body, times } = await observeRequest(gateway.requests, model, async () => {
        const options = inferOptions(request, reply, timeoutOf(request, served.timeoutMs));
        const output = await inferTensors(served, { inputs: rows.inputs, outputs: undefined }, options);
        return { body: await rowsFromTensors(output.outputs, rows.count), times: output.times };
      });
      return reply.header('server-timing', serverTiming({ times })).type('application/json; charset=utf-8').send(body);
    } finally {
      request.uploadLease?.release();
    }
  };
  return { onRequest: checkInferHeaders(gateway, servedOf), handler };
}
