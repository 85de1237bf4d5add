import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { ByteBudget } from '../../dispatch/byte-budget.ts';
import { FakeClock } from '../../dispatch/testing/fake-clock.ts';
import { readAll, withBodyLimits } from './body.ts';

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

it('an error while reading is passed on unchanged', async () => {
  const reading = withBodyLimits(arriving(), limits(), () => Promise.reject(new Error('malformed')));
  await expect(reading).rejects.toThrow('malformed');
});
