import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Failure } from '@portico/schemas';
import { expect, it } from 'vitest';
import { ByteBudget } from '../../dispatch/byte-budget.ts';
import { BodyReader, withBodyLimits } from './body.ts';

const mebibyte = 1024 * 1024;
const limits = { maxBytes: 10, maxUploadBytes: mebibyte };
const reader = (budget = new ByteBudget(100)): BodyReader =>
  new BodyReader({
    lease: budget.lease(),
    ...limits,
    onBroken: () => new Failure('CANCELLED', 'gone'),
  });
const arriving = (): PassThrough & IncomingMessage => new PassThrough() as PassThrough & IncomingMessage;
const chunks = (...texts: string[]): Readable => Readable.from(texts.map((text) => Buffer.from(text)));

it('Reads a body that is just as long as its limit', async () => {
  expect((await reader().readAll(chunks('12345', '67890'))).toString()).toBe('1234567890');
  expect((await reader().readAll(chunks())).length).toBe(0);
});

it('Counts all streams of a request against one limit', async () => {
  const both = reader();
  await both.readAll(chunks('123456'));
  await expect(both.readAll(chunks('12345'))).rejects.toMatchObject({ code: 'TOO_LARGE' });
});

it('Names the limit of an upload, not that of the body around it', async () => {
  await expect(reader().readAll(chunks('12345678901'))).rejects.toThrow('larger than 1 MiB');
});

it('Leaves a refused stream alive, because its connection still has to carry the answer', async () => {
  const stream = new PassThrough();
  stream.write('12345678901');
  await expect(reader().readAll(stream)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  expect(stream.destroyed).toBe(false);
});

it('Takes what it holds from the memory for uploads', async () => {
  const budget = new ByteBudget(8);
  await reader(budget).readAll(chunks('12345'));
  expect(budget.heldBytes).toBe(5);
  await expect(reader(budget).readAll(chunks('1234'))).rejects.toMatchObject({ code: 'OVERLOADED' });
});

it('Says what became of a body that ends half-way', async () => {
  const stream = new PassThrough();
  stream.write('123');
  const read = reader().readAll(stream);
  stream.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
  await expect(read).rejects.toMatchObject({ code: 'CANCELLED', message: 'gone' });
});

it('A body that arrives in time and within its limit is read as it is', async () => {
  const request = arriving();
  const reading = withBodyLimits(request, limits, () => text(request));
  request.write('12345');
  request.end('67890');
  expect(await reading).toBe('1234567890');
});

it('A body that its reader would discard is refused when it passes the limit', async () => {
  const request = arriving();
  const swallowing = withBodyLimits(request, limits, () => new Promise(() => {}));
  request.write('123456');
  request.write('78901');
  await expect(swallowing).rejects.toMatchObject({ code: 'TOO_LARGE' });
  expect(request.destroyed).toBe(false);
});

it('A body that stops arriving is abandoned', async () => {
  const request = arriving();
  const reading = withBodyLimits(request, { ...limits, idleMs: 50 }, () => text(request));
  request.write('123');
  await expect(reading).rejects.toMatchObject({
    code: 'REQUEST_TIMEOUT',
    message: 'No body data received for 0.05 s.',
  });
});

it('An error while reading is passed on unchanged', async () => {
  const reading = withBodyLimits(arriving(), limits, () => Promise.reject(new Error('malformed')));
  await expect(reading).rejects.toThrow('malformed');
});
