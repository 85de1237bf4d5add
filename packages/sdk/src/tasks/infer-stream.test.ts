import { getEventListeners } from 'node:events';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '@portico/schemas';
import { expect, test } from 'vitest';
import { startEventsServer } from '../../test/events-server.ts';
import { type FaultProxy, startFaultProxy } from '../../test/faults/fault-proxy.ts';
import { always, type Fault, inOrder, pass, type Script } from '../../test/faults/fault.ts';
import { startStubServer } from '../../test/stub-server.ts';
import { createPortico } from '../create-portico.ts';
import type { CallOptions } from '../options.ts';

const segment = (start: number): object => ({ start, end: start + 1, confidence: 1 });
const result = { durationSeconds: 9, segments: [] };
const recording = new Uint8Array(1);

interface StreamServer extends AsyncDisposable {
  readonly stream: (options?: CallOptions) => AsyncGenerator<{ start: number }, unknown, void>;
  readonly proxy: FaultProxy;
  /** Items that the server has yielded. */
  readonly yielded: () => number;
  /** Streams that the server has ended, for whatever reason. */
  readonly ended: () => number;
}

interface StreamServerOptions {
  readonly items?: number;
  /** Milliseconds before each item. */
  readonly pause?: number;
  readonly script?: Script;
}

/** A server behind a proxy that yields items, with a pause before each. */
async function startStreamServer({
  items = 3,
  pause = 0,
  script = always(pass),
}: StreamServerOptions = {}): Promise<StreamServer> {
  let yielded = 0;
  let ended = 0;
  const server = await startEventsServer(async function* (signal) {
    try {
      for (let start = 1; start <= items; start += 1) {
        await sleep(pause, undefined, { signal });
        yielded += 1;
        yield segment(start);
      }
      return result;
    } finally {
      ended += 1;
    }
  });
  const proxy = await startFaultProxy(server.url, script);
  const portico = createPortico({ url: proxy.url, retry: { initialDelayMs: 1 } });
  return {
    stream: (options) => portico.vad.stream(recording, {}, options),
    proxy,
    yielded: () => yielded,
    ended: () => ended,
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** The items of a stream until it ends, and how it ends. */
async function readAll(stream: AsyncGenerator<{ start: number }, unknown, void>) {
  const starts: number[] = [];
  try {
    for (;;) {
      const step = await stream.next();
      if (step.done === true) return { starts, value: step.value };
      starts.push(step.value.start);
    }
  } catch (error) {
    return { starts, error };
  }
}

const network = { code: 'NETWORK', retryable: true };

test('items come one by one, and the output is returned', async () => {
  await using server = await startStreamServer({ pause: 30 });
  const stream = server.stream();
  expect(await stream.next()).toEqual({ done: false, value: segment(1) });
  expect(server.yielded()).toBeLessThan(3);
  expect(await readAll(stream)).toEqual({ starts: [2, 3], value: result });
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test('a stream without items returns its output', async () => {
  await using server = await startStreamServer({ items: 0 });
  expect(await readAll(server.stream())).toEqual({ starts: [], value: result });
});

const breaks: readonly Fault[] = (['cut', 'reset'] as const).flatMap((kind): Fault[] => [
  { kind, where: 'before the response' },
  { kind, where: { bytes: 0 } },
  { kind, where: { bytes: 30 } },
]);
test.each(breaks)('%j, before the first item, is retried, and no item comes twice', async (fault) => {
  await using server = await startStreamServer({ pause: 5, script: inOrder(fault, fault) });
  expect(await readAll(server.stream())).toEqual({ starts: [1, 2, 3], value: result });
  expect(server.proxy.seen).toHaveLength(3);
});

test.each(['cut', 'reset'] as const)('a %s after an item is an error, and is not retried', async (kind) => {
  await using server = await startStreamServer({ pause: 20, script: always({ kind, where: { text: '"start":2' } }) });
  const { starts, error } = await readAll(server.stream());
  expect(error).toMatchObject(network);
  // A reset may overtake an item.
  expect([[1], [1, 2]]).toContainEqual(starts);
  expect(server.proxy.seen).toHaveLength(1);
});

test('a cut after the last item, before the output, is an error', async () => {
  await using server = await startStreamServer({
    pause: 5,
    script: always({ kind: 'cut', where: { text: 'event: result' } }),
  });
  expect(await readAll(server.stream())).toMatchObject({ starts: [1, 2, 3], error: network });
});

test('a failure of the server ends the stream with its problem', async () => {
  await using server = await startEventsServer(async function* () {
    yield segment(1);
    throw new Failure('ENGINE_CRASHED', 'The engine crashed.');
  });
  const portico = createPortico({ url: server.url });
  expect(await readAll(portico.vad.stream(recording))).toMatchObject({
    starts: [1],
    error: { code: 'ENGINE_CRASHED', status: 503, requestId: 'request-1', retryable: false },
  });
});

test('a timeout bounds the wait for each next item', async () => {
  await using server = await startStreamServer({ items: 4, pause: 150 });
  expect(await readAll(server.stream({ timeoutMs: 100 }))).toMatchObject({ starts: [1, 2, 3, 4] });
  await using silent = await startStreamServer({ items: 4, pause: 20, script: always({ kind: 'silence' }) });
  expect(await readAll(silent.stream({ timeoutMs: 20 }))).toMatchObject({ starts: [], error: { code: 'TIMEOUT' } });
  await using stuck = await startStreamServer({ items: 2, pause: 900 });
  expect(await readAll(stuck.stream({ timeoutMs: 200 }))).toMatchObject({ starts: [], error: { code: 'TIMEOUT' } });
  await expect.poll(stuck.proxy.running).toBe(0);
});

test('leaving the loop stops the server', async () => {
  await using server = await startStreamServer({ items: 1_000, pause: 10 });
  for await (const { start } of server.stream()) if (start === 2) break;
  await expect.poll(server.ended).toBe(1);
  expect(server.yielded()).toBeLessThan(20);
});

test.each([0, 1])('aborting after %i items stops the server at once', async (items) => {
  await using server = await startStreamServer({ items: 1_000, pause: 100 });
  const controller = new AbortController();
  const stream = server.stream({ signal: controller.signal });
  for (let count = 0; count < items; count += 1) await stream.next();
  const waiting = stream.next();
  setTimeout(() => controller.abort('enough'), 30);
  await expect(waiting).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
  await expect.poll(server.proxy.running).toBe(0);
  expect(server.yielded()).toBeLessThan(5);
});

test('aborting between items stops the server at once, and the next item rejects', async () => {
  await using server = await startStreamServer({ items: 1_000, pause: 10 });
  const controller = new AbortController();
  const stream = server.stream({ signal: controller.signal });
  await stream.next();
  controller.abort();
  await expect.poll(server.ended).toBe(1);
  await expect(stream.next()).rejects.toMatchObject({ code: 'ABORTED' });
});

test('a stream that is left before its first item is requested sends nothing', async () => {
  await using server = await startStreamServer();
  const stream = server.stream();
  expect(await stream.return('enough')).toEqual({ done: true, value: 'enough' });
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  expect(server.proxy.seen).toHaveLength(0);
});

test('a stream that is left while it waits for its first item stops the server at once', async () => {
  await using server = await startStreamServer({ pause: 5_000 });
  const stream = server.stream();
  const waiting = stream.next();
  await expect.poll(server.proxy.running).toBe(1);
  expect(await stream.return('enough')).toEqual({ done: true, value: 'enough' });
  expect(await waiting).toEqual({ done: true, value: undefined });
  await expect.poll(server.proxy.running).toBe(0);
});

test.each([
  ['a stream', () => new Blob([recording]).stream()],
  ['a file', () => new URL(import.meta.url)],
])('nothing is sent for a call that is aborted while its input, %s, is read', async (_name, input) => {
  await using server = await startStreamServer();
  const portico = createPortico({ url: server.proxy.url });
  const controller = new AbortController();
  const waiting = portico.vad.stream(input(), {}, { signal: controller.signal }).next();
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
  await sleep(200);
  expect(server.proxy.seen).toHaveLength(0);
});

test('retries leave no listeners on the signal of the call', async () => {
  await using server = await startStreamServer({ pause: 5, script: inOrder(...breaks.slice(0, 2)) });
  const { signal } = new AbortController();
  const stream = server.stream({ signal });
  await stream.next();
  expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1);
  await readAll(stream);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('a stream of a file that changes before it is read rejects', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-stream-'));
  const path = join(folder, 'speech.wav');
  await writeFile(path, 'before');
  const file = await openAsBlob(path);
  await writeFile(path, 'after it was opened');
  const stream = createPortico({ url: 'http://127.0.0.1:9' }).vad.stream(file);
  await expect(stream.next()).rejects.toMatchObject({ name: 'PorticoError', code: 'BAD_INPUT', status: undefined });
  await rm(folder, { recursive: true });
});

test('events arrive as they are however they come: in pieces, with other ends of lines, with every character', async () => {
  const item = { text: 'a\u2028b\u{1f600}', data: 'data: 1' };
  const text = `: hello\r\n\r\nid: 1\r\nevent: item\r\ndata: ${JSON.stringify(item)}\r\n\r\nevent:result\ndata:7\n\n`;
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (let index = 0; index < bytes.length; index += 1) controller.enqueue(bytes.subarray(index, index + 1));
      controller.close();
    },
  });
  const headers = { 'content-type': 'text/event-stream' };
  const portico = createPortico({ url: 'http://portico.invalid', fetch: async () => new Response(body, { headers }) });
  const stream = portico.vad.stream(recording);
  expect(await stream.next()).toEqual({ done: false, value: item });
  expect(await stream.next()).toEqual({ done: true, value: 7 });
});

test.each([
  ['a page in place of a stream', 'text/html', '<h1>Log in</h1>', { status: 200, retryable: false }],
  ['an event that is not JSON', 'text/event-stream', 'event: item\ndata: {\n\n', { status: 200, retryable: false }],
  [
    'a stream without a result',
    'text/event-stream',
    'event: other\ndata: 1\n\n',
    { status: undefined, retryable: true },
  ],
  ['an event without an end', 'text/event-stream', 'event: result\ndata: 1', { status: undefined, retryable: true }],
])('%s is an error', async (_name, type, body, error) => {
  await using server = await startStubServer({ headers: { 'content-type': type }, body });
  const stream = createPortico({ url: server.url, retry: false }).vad.stream(recording);
  await expect(stream.next()).rejects.toMatchObject({ code: 'NETWORK', ...error });
});

test('a fetch that cannot read a stream is said in words', async () => {
  const events = { headers: { 'content-type': 'text/event-stream' } };
  const portico = createPortico({ url: 'http://portico.invalid', fetch: async () => new Response(null, events) });
  await expect(portico.vad.stream(recording).next()).rejects.toThrow(
    'This fetch cannot read a stream: its responses have no body. Give createPortico a fetch that can.',
  );
});
