import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { whileArriving } from './while-arriving.ts';

const limits = { bodyBytes: 10, maxUploadBytes: 1024 * 1024 };
const arriving = (): PassThrough & IncomingMessage => new PassThrough() as PassThrough & IncomingMessage;

it('A body that arrives in time and within its limit is read as it is', async () => {
  const request = arriving();
  const reading = whileArriving(request, limits, () => text(request));
  request.write('12345');
  request.end('67890');
  expect(await reading).toBe('1234567890');
});

it('A body that its reader would swallow without a word is refused when it passes the limit', async () => {
  const request = arriving();
  const swallowing = whileArriving(request, limits, () => new Promise(() => {}));
  request.write('123456');
  request.write('78901');
  await expect(swallowing).rejects.toMatchObject({ code: 'TOO_LARGE' });
  expect(request.destroyed).toBe(false);
});

it('A body of which nothing arrives any more is given up', async () => {
  const request = arriving();
  const reading = whileArriving(request, { ...limits, idleMs: 50 }, () => text(request));
  request.write('123');
  await expect(reading).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
});

it('What goes wrong while reading is told as it is', async () => {
  const reading = whileArriving(arriving(), limits, () => Promise.reject(new Error('malformed')));
  await expect(reading).rejects.toThrow('malformed');
});
