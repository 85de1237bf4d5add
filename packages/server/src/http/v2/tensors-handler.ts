import { Failure } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientSignal } from '../client-signal.ts';
import type { Gateway } from '../gateway.ts';
import { deadlineOf } from '../input/timeout-header.ts';
import { whileArriving } from '../input/while-arriving.ts';
import { observeFailure, observeRequest } from '../observe-request.ts';
import { checkAnnounced, deadlineOrCap, leaseUpload } from '../routes/admit-upload.ts';
import { bodyReader, readBody } from '../routes/infer-handler.ts';
import { findTensors, type ServedTensors } from '../served-tensors.ts';
import { serverTiming } from '../server-timing.ts';
import { askTensors, signatureOrRefuse } from '../tensors/ask-tensors.ts';
import { compressed } from './compress.ts';
import { compressionOf, inflate } from './inflate.ts';
import { readRequest } from './read-request.ts';
import { writeAnswer } from './write-answer.ts';

export type ModelRequest = FastifyRequest<{ Params: { model: string; version?: string } }>;

/** Bytes of the JSON at the beginning of a body, the rest of which is binary data. */
const headLengthHeader = 'inference-header-content-length';

const askedModel = (gateway: Gateway, { params }: ModelRequest): ServedTensors =>
  findTensors(gateway.tensors, params.model, params.version);

/** Everything that can be decided by the headers alone, before a byte of the body is read. */
export function admitTensors(gateway: Gateway) {
  const { maxUploadBytes } = gateway.limits;
  return async (request: ModelRequest, reply: FastifyReply): Promise<void> => {
    const { dispatcher, timeoutMs } = askedModel(gateway, request);
    await observeFailure(gateway.requests, dispatcher.model, async () => {
      compressionOf(request);
      checkAnnounced(request, maxUploadBytes, maxUploadBytes);
      dispatcher.admit(deadlineOrCap(request, timeoutMs));
      leaseUpload(gateway, request, reply, [dispatcher.model]);
    });
  };
}

/** `POST …/infer`: tensors in and tensors out, as JSON or as binary data. */
export function tensorsHandler(gateway: Gateway) {
  const { maxUploadBytes } = gateway.limits;
  return async (request: ModelRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const served = askedModel(gateway, request);
    const { written, times } = await observeRequest(gateway.requests, served.dispatcher.model, async () => {
      const signature = signatureOrRefuse(served);
      const headBytes = announcedHead(request);
      const bytes = await readTensorBody(gateway, request);
      const { id, inputs, outputs, isBinary, timeoutMs } = readRequest({ bytes, headBytes, maxUploadBytes }, signature);
      request.uploadLease?.growTo(inputs.reduce((sum, { head }) => sum + head.byteLength, 0));
      const deadline = deadlineOf(request, served.timeoutMs);
      const told = await askTensors(served, {
        inputs,
        outputs,
        deadline: Math.min(deadline, timeoutMs ?? deadline),
        signal: clientSignal(reply),
      });
      const { name: model, version } = served;
      return { written: writeAnswer({ model, version, id }, told.outputs, isBinary), times: told.times };
    });
    if (written.headBytes !== undefined) reply.header(headLengthHeader, String(written.headBytes));
    return reply
      .header('server-timing', serverTiming({ times }))
      .type(written.headBytes === undefined ? 'application/json; charset=utf-8' : 'application/octet-stream')
      .send(await compressed(request, reply, written.body));
  };
}

function announcedHead(request: FastifyRequest): number | undefined {
  const text = request.headers[headLengthHeader];
  if (text === undefined) return undefined;
  if (typeof text === 'string' && /^\d{1,15}$/.test(text)) return Number(text);
  throw new Failure('BAD_INPUT', 'Inference-Header-Content-Length is no number of bytes.');
}

async function readTensorBody(gateway: Gateway, request: FastifyRequest): Promise<Uint8Array> {
  const { maxUploadBytes } = gateway.limits;
  const limits = { bodyBytes: maxUploadBytes, maxUploadBytes };
  const arrived = bodyReader(gateway, request, maxUploadBytes);
  const bytes = await whileArriving(request.raw, limits, () => readBody(request, arrived));
  const compression = compressionOf(request);
  if (compression === undefined) return bytes;
  return inflate(bytes, compression, bodyReader(gateway, request, maxUploadBytes));
}
