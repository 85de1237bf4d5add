import { problemOf } from '@portico/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerSignal } from '../caller-signal.ts';
import { failureOfError } from '../errors/failure-of-error.ts';
import type { Gateway } from '../gateway.ts';
import { infer } from '../infer.ts';
import { readMultipart, type UploadedFile } from '../input/multipart-input.ts';
import { checkParameters, fromText } from '../input/parameters.ts';
import { deadlineOf } from '../input/timeout-header.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { observeRequest } from '../observe-request.ts';
import type { ServedModel } from '../served-model.ts';
import { bodyReader, queryOf } from './infer-handler.ts';

/** `POST /<task>/batch`: several files and one set of parameters in; one result or problem for each, in order, out. */
export function batchHandler(gateway: Gateway, model: ServedModel) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const reader = bodyReader(gateway, request, gateway.limits.maxUploadBytes);
    const { files, parameters: text } = await readMultipart(request, reader, gateway.limits.maxBatchItems);
    const parameters = fromText(model.task, { ...queryOf(request), ...text });
    checkParameters(model.task, parameters);
    const deadlineAt = performance.now() + deadlineOf(request, model.timeoutMilliseconds);
    const signal = callerSignal(reply);

    const item = async (file: UploadedFile): Promise<string> => {
      const deadlineMilliseconds = Math.max(0, deadlineAt - performance.now());
      try {
        const { json } = await observeRequest(gateway.requests, model.task.name, () =>
          infer(model, { file }, { parameters, deadlineMilliseconds, signal }),
        );
        return `{"ok":true,"value":${Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString('utf8')}}`;
      } catch (error) {
        const failure = failureOfError(error);
        if (failure.code === 'INTERNAL') request.log.error({ err: failure.cause ?? failure }, 'A defect');
        return JSON.stringify({ ok: false, error: problemOf(failure, request.id) });
      }
    };
    const results = await mapConcurrently(files, itemsAtATime(model), item);
    return reply.type('application/json; charset=utf-8').send(`{"results":[${results.join(',')}]}`);
  };
}

/** Enough to keep every replica busy and the next run filled, without taking the whole queue from other callers. */
function itemsAtATime({ dispatcher }: ServedModel): number {
  return 2 * dispatcher.replicas.target * (dispatcher.info?.maxBatch ?? 1);
}
