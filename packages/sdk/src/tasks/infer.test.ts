import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formOf, type ReceivedRequest, type StubResponse, startStubServer } from '../../test/stub-server.ts';
import { bundledTasks } from '../bundled-tasks.ts';
import type { TaskContracts } from '../contract.ts';
import { createPortico } from '../create-portico.ts';

const page = { width: 1, height: 1, angle: 0, text: '', lines: [] };

/** A server with a task that takes files, `ocr`, and one that takes JSON, `mood`. */
const respond = ({ path }: ReceivedRequest): StubResponse => ({ body: path === '/ocr' ? page : { mood: 'good' } });

interface Contracts extends TaskContracts {
  mood: {
    accepts: 'json';
    input: unknown;
    params: { language?: string };
    output: object;
    item: never;
    produces: never;
  };
}
const tasks = { ...bundledTasks, mood: 'json' } as const;
const clientOf = (url: string) =>
  createPortico<Contracts>({ url, tasks, headers: { authorization: 'Bearer key' }, retry: false });

const paths = (requests: readonly ReceivedRequest[]): string[] => requests.map(({ path }) => path);

test('a JSON task posts its input and parameters', async () => {
  await using server = await startStubServer(respond);
  const call = clientOf(server.url).mood({ text: 'Hurrah' }, { language: 'en' }, { timeoutMs: 1500 });
  await expect(call).resolves.toEqual({ mood: 'good' });
  const [request] = server.requests;
  expect(request).toMatchObject({
    method: 'POST',
    path: '/mood',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: 'Bearer key',
      'x-timeout-seconds': expect.stringMatching(/^[01]\.\d/),
    },
  });
  expect(JSON.parse(String(request?.body))).toEqual({ input: { text: 'Hurrah' }, params: { language: 'en' } });
});

test('Node sends a form as bytes, which an upload that ends early cannot break', async () => {
  await using server = await startStubServer(respond);
  const bodies: unknown[] = [];
  const watched: typeof fetch = (input, init) => {
    bodies.push(init?.body);
    return fetch(input, init);
  };
  const file = new File(['portrait'], 'portrait.png', { type: 'image/png' });
  await createPortico({ url: server.url, fetch: watched }).ocr(file, { minConfidence: 0.5 });
  expect(bodies).toEqual([expect.any(Uint8Array)]);
  const form = await formOf(server.requests[0]);
  const sent = form.get('file') as File;
  expect([form.get('minConfidence'), sent.name, sent.type, await sent.text()]).toEqual([
    '0.5',
    'portrait.png',
    'image/png',
    'portrait',
  ]);
});

test('a text is a file or the input itself, as the task says, and nothing is asked first', async () => {
  await using server = await startStubServer(respond);
  const portico = clientOf(server.url);
  await portico.mood('data:,a');
  await portico.mood('some text');
  await portico.ocr('data:,a');
  await portico.ocr({ data: 'data:,a', mediaType: 'image/png' });
  await portico.mood({ data: 'a value that has data too' });
  await portico.mood(null);
  expect(paths(server.requests)).toEqual(['/mood', '/mood', '/ocr', '/ocr', '/mood', '/mood']);
});

test.each([[[1, 2, 3]], [7], [null], [{}], [{ path: 'a.png' }], [true], [{ data: { a: 1 } }]])(
  '%j is not a file, and nothing of it is sent',
  async (input) => {
    await using server = await startStubServer(respond);
    const call = clientOf(server.url).ocr(input as never);
    await expect(call).rejects.toMatchObject({ name: 'PorticoError', code: 'BAD_INPUT', status: undefined });
    await expect(call).rejects.toThrow('A file is a Blob, bytes');
    expect(server.requests).toEqual([]);
  },
);

test.each([[undefined], [new Float32Array(1)], [Promise.resolve()], [() => {}], [[new Blob()]], [/a/]])(
  'no task takes %s, and nothing is sent',
  async (input) => {
    await using server = await startStubServer(respond);
    const { ocr, mood } = clientOf(server.url);
    await expect(ocr(input as never)).rejects.toMatchObject({ name: 'PorticoError', code: 'BAD_INPUT' });
    await expect(mood(input)).rejects.toMatchObject({ name: 'PorticoError', code: 'BAD_INPUT' });
    expect(server.requests).toHaveLength(0);
  },
);

test('JSON that contains itself is rejected, and is one result of a batch', async () => {
  await using server = await startStubServer(respond);
  const endless: unknown[] = [];
  endless.push(endless);
  const results = await clientOf(server.url).mood.batch([1, endless, 2], {}, { concurrency: 1 });
  expect(results).toMatchObject([
    { ok: true },
    { ok: false, error: { code: 'BAD_INPUT', status: undefined } },
    { ok: true },
  ]);
});

test('parameters that no form can hold are rejected', async () => {
  await using server = await startStubServer(respond);
  const call = clientOf(server.url).ocr(new Uint8Array(1), { minConfidence: 1n as never });
  await expect(call).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('BigInt') });
  expect(server.requests).toEqual([]);
});

describe('a file that has changed since it was chosen is rejected before anything is sent', () => {
  test.each([
    ['by a single call', (client, file) => client.ocr(file)],
    ['by a stream', (client, file) => client.vad.stream(file).next()],
    ['for an image', (client, file) => client.segment.image(file)],
  ] satisfies [string, (client: ReturnType<typeof clientOf>, file: Blob) => Promise<unknown>][])(
    '%s',
    async (_name, call) => {
      await using server = await startStubServer(respond);
      const folder = await mkdtemp(join(tmpdir(), 'portico-changed-'));
      try {
        const path = join(folder, 'speech.wav');
        await writeFile(path, 'before');
        const file = await openAsBlob(path);
        await writeFile(path, 'now something else');
        await expect(call(clientOf(server.url), file)).rejects.toMatchObject({
          name: 'PorticoError',
          code: 'BAD_INPUT',
        });
        expect(server.requests).toEqual([]);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});
