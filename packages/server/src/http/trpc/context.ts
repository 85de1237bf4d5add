import { type Context, PlainJson } from '@portico/api';
import { Failure, type FileValue } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InferOutput } from '../../inference.ts';
import { toFailure } from '../errors/error-response.ts';
import type { Gateway } from '../gateway.ts';
import { inferItems, inferOptions } from '../infer-items.ts';
import { tooLarge } from '../input/body.ts';
import { timeoutOf } from '../input/headers.ts';
import { normalMediaType, type UploadedFile } from '../input/media-type.ts';
import { checkInput } from '../input/read-input.ts';
import { byteLengthOf, type ReceivedInput } from '../input/received.ts';
import { observeItems, serverTiming } from '../metrics.ts';
import { largeBytes, type SplitJson } from '../input/split-json.ts';
import { modelList, readyStatus } from '../status.ts';
import { countUnread } from '../unread-responses.ts';
import { settleCalls } from './calls.ts';
import { isStreamed, JsonBytes, type LargeOutputs } from './outputs.ts';
import { inferTensorsOf } from './tensors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What was taken out of the body of tRPC calls, by the marker that stands there instead. */
    largeParts?: SplitJson['parts'] | undefined;
    /** What goes into the response of tRPC calls as it is. */
    largeOutputs?: LargeOutputs | undefined;
  }
}

/** What the router needs, for one HTTP request. */
export function createContext(gateway: Gateway, request: FastifyRequest, reply: FastifyReply): Context {
  const settled = settleCalls(request);
  const callOf = (task: string, input: unknown) => {
    const model = gateway.models.get(task);
    if (model === undefined) throw new Failure('NOT_FOUND', `This server does not serve model ${task}.`);
    const { params } = input as ProcedureInput;
    const received = () => receivedInput(input as ProcedureInput, request.largeParts, gateway.limits.maxUploadBytes);
    return {
      model,
      // What is read is not kept here.
      read: async () => checkInput(model.task, received(), params),
      // A wrong timeout is reported after everything that is wrong with the input.
      options: () => inferOptions(request, reply, timeoutOf(request, model.timeoutMs)),
    };
  };

  const infer = async (task: string, input: unknown): Promise<InferOutput> => {
    try {
      const { model, read, options } = callOf(task, input);
      return await model.dispatcher.submit(await read(), options());
    } catch (error) {
      throw toFailure(error);
    } finally {
      settled();
    }
  };

  const stream = async function* (task: string, input: unknown): AsyncGenerator<Uint8Array, InferOutput, void> {
    const { model, read, options } = callOf(task, input);
    const items = inferItems(gateway, model, { read, options, onSettled: settled });
    return yield* observeItems(gateway.requests, task, items);
  };

  return {
    requestId: request.id,
    models: () => new PlainJson(modelList(gateway)),
    ready: () => readyStatus(gateway),
    gpu: () => gateway.gpu(),
    tensors: inferTensorsOf({ gateway, request, reply, settled }),
    infer: async (task, input) => {
      const output = await infer(task, input);
      countUnread(gateway, reply, output.bytes.byteLength);
      // Failures are counted in onError, which sees those of the router too.
      gateway.requests.ended(task, 'ok', reply.elapsedTime);
      if (!reply.sent) reply.header('server-timing', serverTiming(output));
      return isStreamed(request) ? new PlainJson(parsed(output.bytes)) : new JsonBytes(output.bytes);
    },
    stream: async function* (task, input) {
      const items = stream(task, input);
      try {
        for (let step = await items.next(); ; step = await items.next()) {
          if (step.done === true) return parsed(step.value.bytes);
          yield parsed(step.value);
        }
      } catch (error) {
        throw toFailure(error);
      } finally {
        await items.return(undefined as never);
      }
    },
  };
}

const parsed = (json: Uint8Array): unknown => JSON.parse(Buffer.from(json).toString('utf8'));

/** The input of `<task>.infer` and `<task>.stream`, whose shape the router has checked. */
type ProcedureInput = { readonly params?: unknown } & (
  | { readonly file: FileValue }
  | { readonly files: Readonly<Record<string, FileValue>> }
  | { readonly input: unknown }
);

function receivedInput(
  input: ProcedureInput,
  parts: SplitJson['parts'] | undefined,
  maxUploadBytes: number,
): ReceivedInput {
  if ('input' in input) {
    const json = typeof input.input === 'string' ? parts?.get(input.input) : undefined;
    return json === undefined ? { kind: 'value', value: input.input } : { kind: 'large value', json };
  }
  const uploaded = ({ data, mediaType }: FileValue): UploadedFile => ({
    data: largeBytes(parts, data),
    mediaType: normalMediaType(mediaType),
  });
  const received: ReceivedInput =
    'file' in input
      ? { kind: 'file', file: uploaded(input.file) }
      : {
          kind: 'files',
          files: Object.fromEntries(Object.entries(input.files).map(([name, file]) => [name, uploaded(file)])),
        };
  if (byteLengthOf(received) > maxUploadBytes) throw tooLarge(maxUploadBytes);
  return received;
}
