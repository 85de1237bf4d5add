import { Failure } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InferOutput } from '../../inference.ts';
import { toFailure } from '../errors/error-response.ts';
import type { Gateway, ServedModel } from '../gateway.ts';
import { inferOptions } from '../infer-items.ts';
import { uploadLease } from '../input/body.ts';
import { checkHeaders, outputType, timeoutOf } from '../input/headers.ts';
import { normalMediaType } from '../input/media-type.ts';
import { checkInput } from '../input/read-input.ts';
import { byteLengthOf, type ReceivedInput } from '../input/received.ts';
import { observeFailure, observeRequest, serverTiming } from '../metrics.ts';
import { clientOf } from '../plugins/clients.ts';
import { exchangeOf } from '../plugins/exchanges.ts';
import { itemsAtOnce, mapConcurrently } from '../rest/batch.ts';
import { inferHandler } from '../rest/task-routes.ts';
import { countUnread, sendList } from '../unread-responses.ts';
import { atInstance, instancePath, readTaskBody } from './task-bodies.ts';

/** The route of a platform to a task: all that the task's own route does, and JSON in the forms of the platforms. */
export function taskRoute(gateway: Gateway, model: ServedModel) {
  const { task } = model;
  const infer = inferHandler(gateway, model);
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (normalMediaType(request.headers['content-type']) !== 'application/json') return infer(request, reply);
    const body = await observeFailure(gateway.requests, [task.name], () => readTaskBody(gateway, task, request));
    return body.kind === 'input'
      ? infer(request, reply, body.input)
      : predict(gateway, model, request, reply, body).finally(() => request.uploadLease?.release());
  };
  return { onRequest: checkHeaders(gateway, model), handler };
}

interface InstancesBody {
  /** Emptied, so that finished ones are not kept. */
  readonly instances: ReceivedInput[];
  readonly params: unknown;
}

/** A prediction for every instance, or the error of the first that fails: the platforms have no error for a single one. */
async function predict(
  gateway: Gateway,
  model: ServedModel,
  request: FastifyRequest,
  reply: FastifyReply,
  { instances, params }: InstancesBody,
): Promise<FastifyReply> {
  const { task, dispatcher } = model;
  const deadline = await observeFailure(gateway.requests, [task.name], async () => {
    outputType(request, `${task.name} with instances`, ['application/json']);
    const { maxBatchItems } = gateway.limits;
    if (instances.length > maxBatchItems)
      throw new Failure('BAD_INPUT', `Send at most ${maxBatchItems} instances per request (MAX_BATCH_ITEMS).`);
    return performance.now() + timeoutOf(request, model.timeoutMs);
  });
  gateway.rateLimit?.charge(clientOf(request), instances.length - 1);

  const stop = new AbortController();
  const exchange = exchangeOf(reply);
  if (exchange.aborted) stop.abort();
  exchange.addEventListener('abort', () => stop.abort());
  const lease = uploadLease(gateway, request);
  const numbered = instances.splice(0).map((received, index) => ({ received, index }));
  const outputs: InferOutput[] = [];
  const predictionOf = async ({ received, index }: (typeof numbered)[number]): Promise<readonly Uint8Array[]> => {
    try {
      const output = await observeRequest(gateway.requests, task.name, async () => {
        const input = await checkInput(task, received, params, instancePath(index));
        const timeoutMs = Math.max(0, deadline - performance.now());
        return dispatcher.submit(input, { ...inferOptions(request, reply, timeoutMs), signal: stop.signal });
      });
      outputs.push(output);
      // It is held until all have come.
      countUnread(gateway, reply, output.bytes.byteLength)?.read(0);
      return [output.bytes];
    } catch (error) {
      // The other predictions are no longer needed.
      numbered.length = 0;
      stop.abort();
      throw atInstance(toFailure(error), index);
    } finally {
      lease.giveBack(byteLengthOf(received));
    }
  };
  const predictions = await mapConcurrently(numbered, itemsAtOnce(model), predictionOf);
  reply.header('server-timing', serverTiming(...outputs)).type('application/json; charset=utf-8');
  return sendList(gateway, reply, 'predictions', predictions);
}
