import { EventEmitter } from 'node:events';
import Fastify, { type FastifyReply } from 'fastify';
import { expect, it } from 'vitest';
import { UnreadOutputs } from '../dispatch/unread-outputs.ts';
import type { Gateway } from './gateway.ts';
import { exchangeOf } from './plugins/exchanges.ts';
import { countUnread, sendList } from './unread-responses.ts';

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

it.each([
  ['a small list', [['1'], ['{"a":', Buffer.from('2'), '}'], [Buffer.from('3')]]],
  ['no list', []],
  ['a large list', Array.from({ length: 3 }, () => ['"', Buffer.alloc(700_002, 'é'), Buffer.alloc(0), '"'])],
  ['a list of many', Array.from({ length: 20_000 }, (_, index) => [String(index), Buffer.alloc(0), '0'])],
])('%s is sent in pieces as it would be joined, and counted until it has been read', async (_name, elements) => {
  const outputs = new UnreadOutputs(100_000_000);
  const pieces: Buffer[] = [];
  let held = 0;
  const app = Fastify();
  app.addHook('onSend', (_request, _reply, payload, done) => {
    held = outputs.heldBytes;
    const isStream = typeof payload === 'object' && payload !== null && 'on' in payload;
    if (isStream) (payload as NodeJS.ReadableStream).on('data', (piece: Buffer) => pieces.push(piece));
    done(null, payload);
  });
  app.get('/', (_request, reply) => sendList(gatewayOf(outputs), reply.type('application/json'), 'list', elements));
  const { body, headers } = await app.inject('/');
  const joined = `{"list":[${elements.map((element) => element.join('')).join(',')}]}`;
  expect(body === joined).toBe(true);
  expect([headers['content-length'], outputs.heldBytes]).toEqual([String(Buffer.byteLength(joined)), 0]);
  const isLarge = joined.length > 64 * 1024;
  expect(held).toBe(isLarge ? Buffer.byteLength(joined) : 0);
  expect(pieces.length).toBe(isLarge ? Math.ceil(Buffer.byteLength(joined) / (256 * 1024)) : 0);
});
