import { problemOf } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InferOutput } from '../../inference.ts';
import { clientSignal } from '../client-signal.ts';
import { failureOfError } from '../errors/failure-of-error.ts';
import type { Gateway } from '../gateway.ts';
import { infer } from '../infer.ts';
import { readMultipart, type UploadedFile } from '../input/multipart-input.ts';
import { checkParameters, fromText } from '../input/parameters.ts';
import { deadlineOf } from '../input/timeout-header.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { observeFailure, observeRequest } from '../observe-request.ts';
import type { ServedModel } from '../served-model.ts';
import { serverTiming } from '../server-timing.ts';
import { bodyLimit } from './admit-upload.ts';
import { bodyReader, queryOf } from './infer-handler.ts';

/** `POST /<task>/batch`: several files and one set of parameters in; one result or problem for each, in order, out. */
export function batchHandler(gateway: Gateway, model: ServedModel) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { files, parameters, deadlineAt } = await observeFailure(gateway.requests, model.task.name, () =>
      readBatch(gateway, model, request),
    );
    const signal = clientSignal(reply);
    const answers: InferOutput[] = [];

    const item = async (file: UploadedFile): Promise<string> => {
      const deadline = (): number => Math.max(0, deadlineAt - performance.now());
      try {
        const answer = await observeRequest(gateway.requests, model.task.name, () =>
          infer(model, { file }, { parameters, deadline, signal }),
        );
        answers.push(answer);
        return `{"ok":true,"value":${Buffer.from(answer.bytes).toString('utf8')}}`;
      } catch (error) {
        const failure = failureOfError(error);
        if (failure.code === 'INTERNAL') request.log.error({ err: failure.cause ?? failure }, 'A defect');
        return JSON.stringify({ ok: false, error: problemOf(failure, request.id) });
      }
    };
    const results = await mapConcurrently(files, itemsAtATime(model), item);
    return reply
      .header('server-timing', serverTiming(...answers))
      .type('application/json; charset=utf-8')
      .send(`{"results":[${results.join(',')}]}`);
  };
}

/** What every item of the batch shares, checked in the order of the single route. */
async function readBatch(gateway: Gateway, model: ServedModel, request: FastifyRequest) {
  const reader = bodyReader(gateway, request, gateway.limits.maxUploadBytes);
  const { files, parameters: text } = await readMultipart(request, reader, {
    bodyBytes: bodyLimit('multipart/form-data', gateway.limits.maxUploadBytes),
    maxUploadBytes: gateway.limits.maxUploadBytes,
    maxFiles: gateway.limits.maxBatchItems,
  });
  const parameters = fromText(model.task, { ...queryOf(request), ...text });
  checkParameters(model.task, parameters);
  return { files, parameters, deadlineAt: performance.now() + deadlineOf(request, model.timeoutMs) };
}

/** Enough to keep every replica busy and the next run filled, without taking the whole queue from other clients. */
function itemsAtATime({ dispatcher }: ServedModel): number {
  return 2 * dispatcher.replicas.target * (dispatcher.info?.maxBatchSize ?? 1);
}
