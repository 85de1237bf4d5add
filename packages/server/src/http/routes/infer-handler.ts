import type { Readable } from 'node:stream';
import { Failure } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InferOutput } from '../../inference.ts';
import { clientSignal } from '../client-signal.ts';
import { sendEvents } from '../events/send-events.ts';
import type { Gateway } from '../gateway.ts';
import { infer, type InferOptions, type Question } from '../infer.ts';
import { inferItems } from '../infer-items.ts';
import { answerType, answerTypes } from '../input/accept-header.ts';
import { BodyReader } from '../input/body-reader.ts';
import { readJson } from '../input/json-input.ts';
import { normalMediaType } from '../input/media-type.ts';
import { readMultipart } from '../input/multipart-input.ts';
import { fromText, type TextParameters } from '../input/parameters.ts';
import { deadlineOf } from '../input/timeout-header.ts';
import { whileArriving } from '../input/while-arriving.ts';
import { observeItems, observeRequest } from '../observe-request.ts';
import type { ServedModel } from '../served-model.ts';
import { serverTiming } from '../server-timing.ts';
import { bodyLimit } from './admit-upload.ts';

/** `POST /<task>`: a form, a raw body or JSON in; the engine's JSON, its picture or its items out, untouched. */
export function inferHandler(gateway: Gateway, model: ServedModel) {
  const { task } = model;
  const types = answerTypes(task);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const type = answerType(request, task.name, types);
    const ask = async (): Promise<[ServedModel, Question, InferOptions]> => {
      const { question, parameters } = await readQuestion(gateway, model, request);
      const deadline = (): number => deadlineOf(request, model.timeoutMs);
      return [model, question, { parameters, deadline, signal: clientSignal(reply) }];
    };
    if (type === 'text/event-stream') {
      const items = async function* (): AsyncGenerator<Uint8Array, InferOutput, void> {
        return yield* inferItems(...(await ask()));
      };
      return sendEvents(request, reply, observeItems(gateway.requests, task.name, items()));
    }
    const outputAs = type === task.produces?.mediaType ? 'picture' : undefined;
    const answer = await observeRequest(gateway.requests, task.name, async () => {
      const [, question, options] = await ask();
      return infer(model, question, { ...options, outputAs });
    });
    return reply
      .header('server-timing', serverTiming(answer))
      .type(outputAs === undefined ? 'application/json; charset=utf-8' : type)
      .send(answer.bytes);
  };
}

interface Asked {
  readonly question: Question;
  readonly parameters: unknown;
}

async function readQuestion(gateway: Gateway, model: ServedModel, request: FastifyRequest): Promise<Asked> {
  const { maxUploadBytes } = gateway.limits;
  const mediaType = normalMediaType(request.headers['content-type']);
  const reader = bodyReader(
    gateway,
    request,
    mediaType === 'application/json' ? bodyLimit(mediaType, maxUploadBytes) : maxUploadBytes,
  );
  if (mediaType === 'multipart/form-data') {
    const limits = { bodyBytes: bodyLimit(mediaType, maxUploadBytes), maxUploadBytes, maxFiles: 1 };
    const { files, parameters } = await readMultipart(request, reader, limits);
    return {
      question: { file: files[0] as (typeof files)[0] },
      parameters: fromText(model.task, { ...queryOf(request), ...parameters }),
    };
  }
  const limits = { bodyBytes: bodyLimit(mediaType, maxUploadBytes), maxUploadBytes };
  const bytes = await whileArriving(request.raw, limits, () => readBody(request, reader));
  if (mediaType !== 'application/json') {
    return { question: { file: { data: bytes, mediaType } }, parameters: fromText(model.task, queryOf(request)) };
  }
  const json = readJson(model.task, bytes, maxUploadBytes);
  const parameters = withQuery(model, queryOf(request), json.params);
  return { question: json.kind === 'file' ? { file: json.file } : { value: json.value }, parameters };
}

/** Parameters may stand in the query of a JSON request too; its own come first. */
function withQuery({ task }: ServedModel, query: TextParameters, params: unknown): unknown {
  if (params !== undefined && (typeof params !== 'object' || params === null || Array.isArray(params))) return params;
  return { ...fromText(task, query), ...params };
}

export const queryOf = (request: FastifyRequest): TextParameters => request.query as TextParameters;

export function bodyReader(gateway: Gateway, request: FastifyRequest, limitBytes: number): BodyReader {
  const lease = request.uploadLease ?? gateway.uploads.lease();
  return new BodyReader({
    lease,
    limitBytes,
    maxUploadBytes: gateway.limits.maxUploadBytes,
    broken: () => request.failure ?? new Failure('CANCELLED', 'The client closed the connection during the upload.'),
  });
}

/** A request without content type and length has no body at all. */
export async function readBody(request: FastifyRequest, reader: BodyReader): Promise<Uint8Array> {
  if (request.body === undefined) throw new Failure('BAD_INPUT', 'The upload is empty.');
  return reader.readAll(request.body as Readable);
}
