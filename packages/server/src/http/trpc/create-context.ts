import { type Context, PlainJson } from '@portico/api';
import { Failure, type FileValue } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientSignal } from '../client-signal.ts';
import { failureOfError } from '../errors/failure-of-error.ts';
import type { Gateway } from '../gateway.ts';
import { infer, type InferOptions, type Question } from '../infer.ts';
import { inferItems } from '../infer-items.ts';
import { tooLarge } from '../input/body-reader.ts';
import { normalMediaType } from '../input/media-type.ts';
import { deadlineOf } from '../input/timeout-header.ts';
import { observeItems } from '../observe-request.ts';
import { modelList, readyStatus, type ServedModel } from '../served-model.ts';
import { serverTiming } from '../server-timing.ts';
import { tensorClient } from './call-tensors.ts';

/** What the router needs, for one HTTP request. */
export function createContext(gateway: Gateway, request: FastifyRequest, reply: FastifyReply): Context {
  const ask = (
    task: string,
    input: unknown,
    signal: AbortSignal | undefined,
  ): [ServedModel, Question, InferOptions] => {
    const model = gateway.models.get(task);
    if (model === undefined) throw new Failure('NOT_FOUND', `Model ${task} is not served here.`);
    const leaving = clientSignal(reply);
    const { question, params } = questionOf(input as ProcedureInput, gateway.limits.maxUploadBytes);
    const options = {
      parameters: params,
      deadline: () => deadlineOf(request, model.timeoutMs),
      signal: signal === undefined ? leaving : AbortSignal.any([signal, leaving]),
    };
    return [model, question, options];
  };
  return {
    requestId: request.id,
    models: () => modelList(gateway),
    ready: () => readyStatus(gateway),
    gpu: () => gateway.gpu(),
    tensors: tensorClient(gateway, request, reply),
    infer: async (task, input, signal) => {
      const answer = await infer(...ask(task, input, signal)).catch((error: unknown) => {
        throw failureOfError(error);
      });
      // Failures are counted where those of the router itself come past too.
      gateway.requests.ended(task, 'ok', reply.elapsedTime);
      if (!reply.sent) reply.header('server-timing', serverTiming(answer));
      return new PlainJson(parsed(answer.bytes));
    },
    stream: async function* (task, input, signal) {
      const items = observeItems(gateway.requests, task, inferItems(...ask(task, input, signal)));
      try {
        for (let step = await items.next(); ; step = await items.next()) {
          if (step.done === true) return parsed(step.value.bytes);
          yield parsed(step.value);
        }
      } catch (error) {
        throw failureOfError(error);
      } finally {
        await items.return(undefined as never);
      }
    },
  };
}

const parsed = (json: Uint8Array): unknown => JSON.parse(Buffer.from(json).toString('utf8'));

/** The input of `<task>.infer` and `<task>.stream`, whose shape the router has checked. */
type ProcedureInput = { readonly params?: unknown } & ({ readonly file: FileValue } | { readonly input: unknown });

function questionOf(input: ProcedureInput, maxUploadBytes: number): { question: Question; params: unknown } {
  if (!('file' in input)) return { question: { value: input.input }, params: input.params };
  const { data, mediaType } = input.file;
  if (data.byteLength > maxUploadBytes) throw tooLarge(maxUploadBytes);
  return { question: { file: { data, mediaType: normalMediaType(mediaType) } }, params: input.params };
}
