import { EventEmitter } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { expect, it, vi } from 'vitest';
import { exchangeOf, settleBody } from './exchanges.ts';

/** A request of which so many bytes have been announced, and none has come. */
function arriving(contentLength: number) {
  const raw = Object.assign(new EventEmitter(), {
    headers: { 'content-length': String(contentLength) },
    complete: false,
    destroyed: false,
    socket: null,
    unpipe: () => {},
    resume: () => {},
  });
  const request = { raw } as unknown as FastifyRequest;
  const response = Object.assign(new EventEmitter(), { req: { socket: null }, writableFinished: false });
  const headers: Record<string, string> = {};
  const reply = {
    raw: response,
    request,
    header: (name: string, value: string) => (headers[name] = value),
    hijack: vi.fn<() => void>(),
  };
  return { raw, response, request, reply: reply as typeof reply & FastifyReply, headers };
}

it('a response waits for what is left of a small body', () => {
  const { raw, request, reply, headers } = arriving(10);
  const done = vi.fn<() => void>();
  settleBody(request, reply, done);
  expect(done).not.toHaveBeenCalled();
  raw.complete = true;
  raw.emit('end');
  expect(done).toHaveBeenCalledOnce();
  expect(headers).toEqual({});
});

it('a response that waits for a body is not sent any more when its exchange ends', () => {
  const { raw, response, request, reply } = arriving(10);
  const done = vi.fn<() => void>();
  settleBody(request, reply, done);
  response.emit('close');
  raw.emit('close');
  expect(reply.hijack).toHaveBeenCalledOnce();
  expect(done).not.toHaveBeenCalled();
  expect(raw.eventNames()).toEqual([]);
});

it('an exchange that ends before its response is sent is aborted, and says so to whoever asks later', () => {
  const { response, reply } = arriving(10);
  const exchange = exchangeOf(reply);
  const aborted = vi.fn<() => void>();
  exchange.addEventListener('abort', aborted);
  response.emit('close');
  const ended = vi.fn<() => void>();
  exchange.onEnd(ended);
  expect([exchange.aborted, aborted.mock.calls.length, ended.mock.calls.length]).toEqual([true, 1, 1]);
});
