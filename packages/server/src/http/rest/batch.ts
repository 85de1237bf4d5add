import { isFailure, problemOf } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InferOutput } from '../../inference.ts';
import { toFailure } from '../errors/error-response.ts';
import type { Gateway, ServedModel } from '../gateway.ts';
import { inferOptions } from '../infer-items.ts';
import { decodedBytes, maxBodyBytes, readBody, uploadLease } from '../input/body.ts';
import { timeoutOf } from '../input/headers.ts';
import { normalMediaType } from '../input/media-type.ts';
import { readMultipart } from '../input/multipart.ts';
import { checkInput, checkParameters, checkQuery, fromText, queryOf, withQuery } from '../input/read-input.ts';
import { byteLengthOf, inputPath, type JsonBatch, readJsonBatch } from '../input/received.ts';
import { Turn } from '../input/turn.ts';
import { observeFailure, observeRequest, serverTiming } from '../metrics.ts';
import { clientOf } from '../plugins/clients.ts';
import { countUnread, sendList } from '../unread-responses.ts';

/** `POST /<task>/batch`: several inputs and one set of parameters in; a result or problem for each, in order, out. */
export function batchHandler(gateway: Gateway, model: ServedModel) {
  const { task, dispatcher } = model;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { inputs, params, deadline } = await observeFailure(gateway.requests, [task.name], () =>
      readBatch(gateway, model, request),
    );
    gateway.rateLimit?.charge(clientOf(request), inputs.length - 1);
    const outputs: InferOutput[] = [];
    const lease = uploadLease(gateway, request);

    const resultOf = async (
      received: JsonBatch['inputs'][number],
      index: number,
    ): Promise<readonly (string | Uint8Array)[]> => {
      try {
        const output = await observeRequest(gateway.requests, task.name, async () => {
          if (isFailure(received)) throw received;
          const input = await checkInput(task, received, params, inputPath(index));
          return dispatcher.submit(input, inferOptions(request, reply, Math.max(0, deadline - performance.now())));
        });
        outputs.push(output);
        // It is held until all have come.
        countUnread(gateway, reply, output.bytes.byteLength)?.read(0);
        return ['{"ok":true,"value":', output.bytes, '}'];
      } catch (error) {
        const failure = toFailure(error);
        if (failure.code === 'INTERNAL') request.log.error({ err: failure.cause ?? failure }, 'Unexpected error');
        return [JSON.stringify({ ok: false, error: problemOf(failure, request.id) })];
      } finally {
        if (!isFailure(received)) lease.giveBack(byteLengthOf(received));
      }
    };
    const results = await mapConcurrently(inputs, itemsAtOnce(model), resultOf).finally(() => lease.release());
    reply.header('server-timing', serverTiming(...outputs)).type('application/json; charset=utf-8');
    return sendList(gateway, reply, 'results', results);
  };
}

interface Batch extends JsonBatch {
  readonly deadline: number;
}

/** What all inputs of the batch share, checked in the order of the route for one input. */
async function readBatch(gateway: Gateway, model: ServedModel, request: FastifyRequest): Promise<Batch> {
  const { task } = model;
  const query = queryOf(request);
  const { inputs, params } = await readInputs(gateway, model, request);
  checkParameters(task, params);
  checkQuery(task, query);
  return { inputs, params, deadline: performance.now() + timeoutOf(request, model.timeoutMs) };
}

async function readInputs(gateway: Gateway, { task }: ServedModel, request: FastifyRequest): Promise<JsonBatch> {
  const { maxUploadBytes, maxBatchItems } = gateway.limits;
  const query = queryOf(request);
  const mediaType = normalMediaType(request.headers['content-type']);
  if (mediaType !== 'application/json') {
    const { inputs, parameters } = await readMultipart(gateway, request, task, maxBatchItems);
    return { inputs, params: fromText(task, { ...query, ...parameters }) };
  }
  const data = await readBody(gateway, request, maxBodyBytes(mediaType, maxUploadBytes));
  const lease = uploadLease(gateway, request);
  // The files in it are held beside the text while they are decoded.
  lease.take(decodedBytes(data));
  const { inputs, params, heldBytes } = await readJsonBatch(task, data, gateway.limits);
  lease.hold(heldBytes);
  return { inputs, params: withQuery(task, query, params) };
}

/** Enough to keep every replica busy and its next run filled, without taking the whole queue from other clients. */
export function itemsAtOnce({ dispatcher }: ServedModel): number {
  return 2 * dispatcher.replicas.target * (dispatcher.info?.maxBatchSize ?? 1);
}

/**
 * Maps items to results in order, at most `limit` at a time. It empties `items`, so that none is kept that is done. Items that
 * fail at once wait for nothing, so others have turns in between.
 */
export async function mapConcurrently<Item, Result>(
  items: Item[],
  limit: number,
  map: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const turn = new Turn();
  let index = 0;
  const work = async (): Promise<void> => {
    for (let item = items.shift(); item !== undefined; item = items.shift()) {
      const at = index++;
      results[at] = await map(item, at);
      if (turn.isOver) await turn.next();
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}
