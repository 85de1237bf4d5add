import { Readable } from 'node:stream';
import { problemOf } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InferOutput } from '../../inference.ts';
import { failureOfError } from '../errors/failure-of-error.ts';
import { commentText, eventText } from './event-text.ts';
import { withFiller } from './with-filler.ts';

/** Nothing that lies between closes a connection this soon. */
const commentMs = 15_000;
/** A client who has taken nothing for so long, comments included, is gone. */
const usualPatience = 60_000;

type Items = AsyncGenerator<Uint8Array, InferOutput, void>;

/**
 * Sends items as server-sent events: `item` for each, then `result` or `error`.
 * What fails before the first of them is thrown, so that it has a status of its own.
 */
export async function sendEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  items: Items,
  patienceMs = usualPatience,
): Promise<FastifyReply> {
  const first = await items.next();
  reply.raw.setTimeout(patienceMs, () => reply.raw.destroy());
  return reply
    .headers({ 'cache-control': 'no-cache', 'x-accel-buffering': 'no' })
    .type('text/event-stream; charset=utf-8')
    .send(Readable.from(withFiller(eventsOf(request, first, items), commentText, commentMs)));
}

async function* eventsOf(
  request: FastifyRequest,
  first: IteratorResult<Uint8Array, InferOutput>,
  items: Items,
): AsyncGenerator<string, void, void> {
  let id = 0;
  try {
    for (let step = first; ; step = await items.next()) {
      const event = step.done === true ? 'result' : 'item';
      yield eventText(++id, event, textOf(step.done === true ? step.value.bytes : step.value));
      if (step.done === true) return;
    }
  } catch (error) {
    const failure = failureOfError(error);
    request.failure = failure;
    if (failure.code === 'INTERNAL') request.log.error({ err: failure.cause ?? failure }, 'A defect');
    yield eventText(++id, 'error', JSON.stringify(problemOf(failure, request.id)));
  } finally {
    await items.return(undefined as never);
  }
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
