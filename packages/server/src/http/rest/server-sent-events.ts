import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { problemOf } from '@portico/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InferOutput } from '../../inference.ts';
import { recordFailure, toFailure } from '../errors/error-response.ts';

/** No proxy closes a connection as idle this soon. */
const commentMs = 15_000;
/** A comment, which readers skip. */
const comment = Buffer.from(': waiting\n\n');

type Items = AsyncGenerator<Uint8Array, InferOutput, void>;

/**
 * Sends items as server-sent events: `item` for each, then `result` or `error`.
 * A failure before the first of them is thrown, so that it gets a status of its own.
 */
export async function sendEvents(request: FastifyRequest, reply: FastifyReply, items: Items): Promise<FastifyReply> {
  const first = await items.next();
  return reply
    .headers({ 'cache-control': 'no-cache', 'x-accel-buffering': 'no' })
    .type('text/event-stream; charset=utf-8')
    .send(Readable.from(withFiller(eventsOf(request, first, items), comment, commentMs)));
}

async function* eventsOf(
  request: FastifyRequest,
  first: IteratorResult<Uint8Array, InferOutput>,
  items: Items,
): AsyncGenerator<Uint8Array, void, void> {
  let id = 0;
  try {
    for (let step = first; ; step = await items.next()) {
      const event = step.done === true ? 'result' : 'item';
      yield eventBytes(++id, event, step.done === true ? step.value.bytes : step.value);
      if (step.done === true) return;
    }
  } catch (error) {
    const failure = toFailure(error);
    recordFailure(request, failure);
    yield eventBytes(++id, 'error', Buffer.from(JSON.stringify(problemOf(failure, request.id))));
  } finally {
    await items.return(undefined as never);
  }
}

/** One event (HTML Living Standard, 9.2.6); `data` is JSON in one line. It is not made a text: it may be of many megabytes. */
const eventBytes = (id: number, event: 'item' | 'result' | 'error', data: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`id: ${id}\nevent: ${event}\ndata: `), data, Buffer.from('\n\n')]);

/** Passes on what comes from `source`, and `filler` whenever nothing has come for so many milliseconds. */
export async function* withFiller<Item>(
  source: AsyncGenerator<Item, void, void>,
  filler: Item,
  milliseconds: number,
): AsyncGenerator<Item, void, void> {
  let next = source.next();
  try {
    for (;;) {
      const pause = new AbortController();
      const silence = delay(milliseconds, undefined, { signal: pause.signal, ref: false }).catch(() => undefined);
      const step = await Promise.race([next, silence]);
      pause.abort();
      if (step?.done === true) return;
      if (step !== undefined) next = source.next();
      yield step === undefined ? filler : step.value;
    }
  } finally {
    // A source that is still busy ends once its current step has.
    void source.return();
  }
}
