import type { TensorResult, TensorCall } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientSignal } from '../client-signal.ts';
import { failureOfError } from '../errors/failure-of-error.ts';
import type { Gateway } from '../gateway.ts';
import { tooLarge } from '../input/body-reader.ts';
import { deadlineOf } from '../input/timeout-header.ts';
import { findTensors, type ServedTensors } from '../served-tensors.ts';
import { serverTiming } from '../server-timing.ts';
import { askTensors, signatureOrRefuse } from '../tensors/ask-tensors.ts';
import { checkInputHeads, checkOutputNames } from '../tensors/check-heads.ts';
import { refuseManyTexts } from './many-texts.ts';
import { rawTensor, tensorOf } from './tensor-values.ts';

/** What `tensors.infer` does, for one HTTP request. The router has checked the shape of the call. */
export function tensorClient(gateway: Gateway, request: FastifyRequest, reply: FastifyReply) {
  return async (call: TensorCall, signal: AbortSignal | undefined): Promise<TensorResult> => {
    const served = findTensors(gateway.tensors, call.model, call.version);
    const { outputs, times } = await ask(served, call, signal).catch((error: unknown) => {
      const failure = failureOfError(error);
      gateway.requests.ended(served.dispatcher.model, failure.code, reply.elapsedTime);
      throw failure;
    });
    gateway.requests.ended(served.dispatcher.model, 'ok', reply.elapsedTime);
    if (!reply.sent) reply.header('server-timing', serverTiming({ times }));
    return { model: served.name, version: served.version, outputs: outputs.map(tensorOf) };
  };

  async function ask(served: ServedTensors, call: TensorCall, signal: AbortSignal | undefined) {
    const { maxUploadBytes } = gateway.limits;
    const signature = signatureOrRefuse(served);
    checkInputHeads(call.inputs, signature);
    if (call.outputs !== undefined) checkOutputNames(call.outputs.map(named), signature);
    const inputs = call.inputs.map(rawTensor);
    if (inputs.reduce((sum, { head }) => sum + head.byteLength, 0) > maxUploadBytes) throw tooLarge(maxUploadBytes);
    const cap = deadlineOf(request, served.timeoutMs);
    const leaving = clientSignal(reply);
    const told = await askTensors(served, {
      inputs,
      outputs: call.outputs,
      deadline: Math.min(cap, call.timeoutMs ?? cap),
      signal: signal === undefined ? leaving : AbortSignal.any([signal, leaving]),
    });
    refuseManyTexts(told.outputs);
    return told;
  }
}

const named = (name: string): { readonly name: string } => ({ name });
