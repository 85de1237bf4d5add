import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { ByteBudget } from '../../dispatch/byte-budget.ts';
import { FakeClock } from '../../dispatch/testing/fake-clock.ts';
import { settle } from '../../dispatch/testing/harness.ts';
import type { Gateway } from '../gateway.ts';
import { BodyPieces, readAll, readBody, withBodyLimits } from './body.ts';

const mebibyte = 1024 * 1024;
const limits = (budget = new ByteBudget(100)) => ({
  lease: budget.lease('client'),
  maxBytes: 10,
  maxUploadBytes: mebibyte,
});
const arriving = (): PassThrough & IncomingMessage => new PassThrough() as PassThrough & IncomingMessage;
const never = (): Promise<never> => new Promise(() => {});

it('reads a stream to its end, unless it is told to stop', async () => {
  const chunks = (): Readable => Readable.from(['12345', '67890'].map((chunk) => Buffer.from(chunk)));
  expect((await readAll(chunks())).toString()).toBe('1234567890');
  expect((await readAll(Readable.from([]))).length).toBe(0);
  const stop = (): never => {
    throw new Error('stop');
  };
  await expect(readAll(chunks(), stop)).rejects.toThrow('stop');
});

it('a body that arrives byte by byte is held in few pieces', () => {
  const body = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
  const pieces = new BodyPieces();
  for (let at = 0; at < body.length; at += 1) pieces.add(body.subarray(at, at + 1));
  expect(pieces.count).toBeLessThan(1_000);
  expect(pieces.joined().equals(body)).toBe(true);
});

it('long pieces of a body stay as they are until its end', () => {
  const pieces = new BodyPieces();
  const long = Buffer.alloc(2_048, 'x');
  pieces.add(long);
  expect(pieces.joined()).toBe(long);
  for (let count = 1; count < 300; count += 1) pieces.add(long);
  expect(pieces.count).toBe(300);
  expect(pieces.joined()).toHaveLength(300 * 2_048);
  expect(new BodyPieces().joined()).toHaveLength(0);
});

it('a body that arrives in time and within its limit is read as it is, and holds its bytes until they are released', async () => {
  const budget = new ByteBudget(100);
  const request = arriving();
  const own = limits(budget);
  const reading = withBodyLimits(request, own, () => text(request));
  request.write('12345');
  request.end('67890');
  expect(await reading).toBe('1234567890');
  expect(budget.heldBytes).toBe(10);
  own.lease.release();
  expect(budget.heldBytes).toBe(0);
});

it('a body that its reader would discard is refused when it passes the limit, and its connection stays for the response', async () => {
  const budget = new ByteBudget(100);
  const request = arriving();
  const swallowing = withBodyLimits(request, limits(budget), never);
  request.write('123456');
  request.write('78901');
  await expect(swallowing).rejects.toMatchObject({ code: 'TOO_LARGE', message: expect.stringContaining('1 MiB') });
  expect(request.destroyed).toBe(false);
  expect(budget.heldBytes).toBe(0);
});

it('a body for which there is no memory is refused, and its reader keeps nothing more of it', async () => {
  const request = arriving();
  const kept: Buffer[] = [];
  const reading = withBodyLimits(request, limits(new ByteBudget(8)), (check) =>
    readAll(request, (chunk) => {
      check();
      kept.push(chunk);
    }),
  );
  request.write('123456');
  await new Promise((resolve) => setImmediate(resolve));
  request.write('789');
  await expect(reading).rejects.toMatchObject({ code: 'OVERLOADED' });
  request.write('0');
  await new Promise((resolve) => setImmediate(resolve));
  expect(Buffer.concat(kept).toString()).toBe('123456');
});

it('a body that stops arriving is abandoned', async () => {
  const clock = new FakeClock();
  const request = arriving();
  const reading = withBodyLimits(request, limits(new ByteBudget(100, clock)), () => text(request));
  request.write('123');
  clock.advance(10_000);
  await expect(reading).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
});

it('a request that has been answered before its body was there keeps nothing more of it', async () => {
  const request = arriving();
  const own = limits();
  const kept: boolean[] = [];
  void withBodyLimits(request, own, (check) => {
    request.on('data', () => kept.push(check()));
    return never();
  });
  request.write('1');
  await settle();
  own.lease.release();
  request.write('2');
  await settle();
  expect(kept).toEqual([true, false]);

  const raw = arriving();
  const { lease } = limits();
  const gateway = { limits: { maxUploadBytes: mebibyte } } as Gateway;
  const reading = readBody(
    gateway,
    { raw, headers: { 'content-length': '2' }, uploadLease: lease } as unknown as FastifyRequest,
    10,
  );
  raw.write('1');
  await settle();
  lease.release();
  raw.end('2');
  await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
});

it('an error while reading is passed on unchanged', async () => {
  const reading = withBodyLimits(arriving(), limits(), () => Promise.reject(new Error('malformed')));
  await expect(reading).rejects.toThrow('malformed');
});
