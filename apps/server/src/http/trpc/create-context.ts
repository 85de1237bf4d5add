import type { Context } from '@portico/api';
import { Failure, type FileValue } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerSignal } from '../caller-signal.ts';
import { failureOfError } from '../errors/failure-of-error.ts';
import type { Gateway } from '../gateway.ts';
import { infer, type Question } from '../infer.ts';
import { tooLarge } from '../input/body-reader.ts';
import { normalMediaType } from '../input/media-type.ts';
import { deadlineOf } from '../input/timeout-header.ts';
import { modelList, readyStatus } from '../served-model.ts';
import { serverTiming } from '../server-timing.ts';
import { tensorCaller } from './call-tensors.ts';

/** What the router needs, for one HTTP request. */
export function createContext(gateway: Gateway, request: FastifyRequest, reply: FastifyReply): Context {
  return {
    requestId: request.id,
    models: () => modelList(gateway),
    ready: () => readyStatus(gateway),
    gpu: () => gateway.gpu(),
    tensors: tensorCaller(gateway, request, reply),
    infer: async (task, input, signal) => {
      const model = gateway.models.get(task);
      if (model === undefined) throw new Failure('NOT_FOUND', `Model ${task} is not served here.`);
      const leaving = callerSignal(reply);
      const { question, params } = questionOf(input as ProcedureInput, gateway.limits.maxUploadBytes);
      const answer = await infer(model, question, {
        parameters: params,
        deadline: () => deadlineOf(request, model.timeoutMilliseconds),
        signal: signal === undefined ? leaving : AbortSignal.any([signal, leaving]),
      }).catch((error: unknown) => {
        throw failureOfError(error);
      });
      // Failures are counted where those of the router itself come past too.
      gateway.requests.ended(task, 'ok', reply.elapsedTime);
      if (!reply.sent) reply.header('server-timing', serverTiming(answer));
      return JSON.parse(Buffer.from(answer.body).toString('utf8')) as unknown;
    },
  };
}

/** The input of `<task>.infer`, whose shape the router has checked. */
type ProcedureInput = { readonly params?: unknown } & ({ readonly file: FileValue } | { readonly input: unknown });

function questionOf(input: ProcedureInput, maxUploadBytes: number): { question: Question; params: unknown } {
  if (!('file' in input)) return { question: { value: input.input }, params: input.params };
  const { data, mediaType } = input.file;
  if (data.byteLength > maxUploadBytes) throw tooLarge(maxUploadBytes);
  return { question: { file: { data, mediaType: normalMediaType(mediaType) } }, params: input.params };
}
