import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import { expect, it } from 'vitest';
import { UnreadOutputs } from '../dispatch/unread-outputs.ts';
import type { Gateway } from './gateway.ts';
import { exchangeOf } from './plugins/exchanges.ts';
import { countUnread } from './unread-responses.ts';

const gatewayOf = (outputs: UnreadOutputs): Gateway => ({ outputs }) as unknown as Gateway;

it('an output whose client has left before it was counted is not kept', () => {
  const outputs = new UnreadOutputs(10_000_000);
  const raw = Object.assign(new EventEmitter(), { req: {} });
  const reply = { raw, request: { raw: { socket: null } } } as unknown as FastifyReply;
  exchangeOf(reply);
  raw.emit('close');
  countUnread(gatewayOf(outputs), reply, 100_000);
  expect(outputs.heldBytes).toBe(0);
});

it('the outputs of a batch of calls are counted together, until their response closes', () => {
  const outputs = new UnreadOutputs(10_000_000);
  const raw = Object.assign(new EventEmitter(), { req: {} });
  const reply = { raw, request: { raw: { socket: null } } } as unknown as FastifyReply;
  for (let call = 0; call < 16; call += 1) countUnread(gatewayOf(outputs), reply, 100_000);
  expect(outputs.heldBytes).toBe(1_600_000);
  expect(raw.listenerCount('close')).toBe(1);
  raw.emit('close');
  expect(outputs.heldBytes).toBe(0);
});
