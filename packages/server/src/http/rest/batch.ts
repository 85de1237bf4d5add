import { problemOf } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InferOutput } from '../../inference.ts';
import { toFailure } from '../errors/error-response.ts';
import type { Gateway, ServedModel } from '../gateway.ts';
import { inferOptions } from '../infer-items.ts';
import { uploadLease } from '../input/body.ts';
import { timeoutOf } from '../input/headers.ts';
import { readMultipart, type UploadedFile } from '../input/multipart.ts';
import { checkInput, checkParameters, checkQuery, fromText, queryOf } from '../input/read-input.ts';
import { observeFailure, observeRequest, serverTiming } from '../metrics.ts';
import { clientOf } from '../plugins/clients.ts';

/** `POST /<task>/batch`: several files and one set of parameters in; a result or problem for each, in order, out. */
export function batchHandler(gateway: Gateway, model: ServedModel) {
  const { task, dispatcher } = model;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { files, parameters, deadline } = await observeFailure(gateway.requests, [task.name], () =>
      readBatch(gateway, model, request),
    );
    gateway.rateLimit?.charge(clientOf(request), files.length - 1);
    const outputs: InferOutput[] = [];
    const lease = uploadLease(gateway, request);

    const resultOf = async (file: UploadedFile): Promise<string> => {
      try {
        const output = await observeRequest(gateway.requests, task.name, async () => {
          const input = await checkInput(task, { kind: 'file', file }, parameters);
          return dispatcher.submit(input, inferOptions(request, reply, Math.max(0, deadline - performance.now())));
        });
        outputs.push(output);
        return `{"ok":true,"value":${Buffer.from(output.bytes).toString('utf8')}}`;
      } catch (error) {
        const failure = toFailure(error);
        if (failure.code === 'INTERNAL') request.log.error({ err: failure.cause ?? failure }, 'Unexpected error');
        return JSON.stringify({ ok: false, error: problemOf(failure, request.id) });
      } finally {
        lease.giveBack(file.data.byteLength);
      }
    };
    const results = await mapConcurrently(files, itemsAtOnce(model), resultOf).finally(() => lease.release());
    return reply
      .header('server-timing', serverTiming(...outputs))
      .type('application/json; charset=utf-8')
      .send(`{"results":[${results.join(',')}]}`);
  };
}

/** What all inputs of the batch share, checked in the order of the route for one input. */
async function readBatch(gateway: Gateway, { task, timeoutMs }: ServedModel, request: FastifyRequest) {
  const { files, parameters: text } = await readMultipart(gateway, request, gateway.limits.maxBatchItems);
  const query = queryOf(request);
  const parameters = fromText(task, { ...query, ...text });
  checkParameters(task, parameters);
  checkQuery(task, query);
  return { files, parameters, deadline: performance.now() + timeoutOf(request, timeoutMs) };
}

/** Enough to keep every replica busy and its next run filled, without taking the whole queue from other clients. */
export function itemsAtOnce({ dispatcher }: ServedModel): number {
  return 2 * dispatcher.replicas.target * (dispatcher.info?.maxBatchSize ?? 1);
}

/** Maps items to results in order, at most `limit` at a time. It empties `items`, so that none is kept that is done. */
export async function mapConcurrently<Item, Result>(
  items: Item[],
  limit: number,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let index = 0;
  const work = async (): Promise<void> => {
    for (let item = items.shift(); item !== undefined; item = items.shift()) {
      const at = index++;
      results[at] = await map(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}
