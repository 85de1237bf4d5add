import { transformer } from '@portico/api';
import { expect, test } from 'vitest';
import { formOf, type ReceivedRequest, type StubResponse, startStubServer } from '../../test/stub-server.ts';
import { createPortico } from '../create-portico.ts';
import type { FileInput } from '../files/file-input.ts';

const resultOf = (value: unknown): StubResponse => ({ body: { result: { data: transformer.serialize(value) } } });
const models = [
  {
    kind: 'task',
    name: 'compare',
    inputKind: 'form',
    accepts: ['multipart/form-data'],
    parts: [
      { name: 'left', accepts: ['image/png'] },
      { name: 'right', accepts: ['*/*'] },
    ],
  },
];

/** A server with a task that takes two files. */
function respond({ path }: ReceivedRequest): StubResponse {
  return path.startsWith('/trpc/models.list') ? resultOf({ models }) : { body: { distance: 0.5 } };
}

interface Contracts {
  compare: {
    accepts: 'form';
    input: { left: FileInput; right: FileInput };
    params: { metric?: string };
    output: { distance: number };
    item: { row: number };
    produces: never;
  };
}
const clientOf = (url: string) => createPortico<Contracts>({ url, retry: false });
const left = new Uint8Array([1]);
const right = new File(['two'], 'two.txt', { type: 'text/plain' });

const paths = (requests: readonly ReceivedRequest[]): string[] => requests.map(({ path }) => path.replace(/\?.*/, ''));

test('several files are the parts of one form, each under its name', async () => {
  await using server = await startStubServer(respond);
  const { compare } = clientOf(server.url);
  await expect(compare({ left, right }, { metric: 'cosine' })).resolves.toEqual({ distance: 0.5 });
  await compare({ left: 'data:image/png;base64,AQ==', right: { data: 'data:,two', name: 'two.txt' } });
  expect(paths(server.requests)).toEqual(['/trpc/models.list', '/compare', '/compare']);
  expect(server.requests[1]?.headers.accept).toBe('application/json');
  const form = await formOf(server.requests[1]);
  expect([...form.keys()]).toEqual(['metric', 'left', 'right']);
  const files = ['left', 'right'].map((part) => form.get(part) as File);
  expect(files.map(({ name, type }) => [name, type])).toEqual([
    ['file', 'application/octet-stream'],
    ['two.txt', 'text/plain'],
  ]);
  expect(await Promise.all(files.map((file) => file.text()))).toEqual(['\u0001', 'two']);
  const second = await formOf(server.requests[2]);
  expect(await (second.get('left') as File).text()).toBe('\u0001');
  expect((second.get('right') as File).name).toBe('two.txt');
});

test('a batch is a list of such inputs', async () => {
  await using server = await startStubServer(respond);
  const portico = clientOf(server.url);
  await portico.models();
  const results = await portico.compare.batch([
    { left, right },
    { left, right: undefined as never },
  ]);
  expect(results).toMatchObject([
    { ok: true, value: { distance: 0.5 } },
    {
      ok: false,
      error: { code: 'BAD_INPUT', message: expect.stringMatching(/^right: A file is .* there is no file\.$/) },
    },
  ]);
});

test('a stream sends them over tRPC', async () => {
  await using server = await startStubServer(respond);
  await clientOf(server.url)
    .compare.stream({ left, right }, { metric: 'cosine' })
    .next()
    .catch(() => {});
  const request = server.requests.at(-1);
  expect(request?.path).toMatch(/^\/trpc\/compare\.stream/);
  const { 0: call } = JSON.parse(String(request?.body)) as Record<'0', never>;
  expect(transformer.deserialize(call)).toEqual({
    files: {
      left: { data: left, name: 'file' },
      right: { data: new TextEncoder().encode('two'), name: 'two.txt', mediaType: 'text/plain' },
    },
    params: { metric: 'cosine' },
  });
});

test.each([['a path'], [7], [['left.png', 'right.png']], [null], [{ left, right: 7 }], [{ left: undefined, right }]])(
  '%j is not several files under their names, and nothing of it is sent',
  async (input) => {
    await using server = await startStubServer(respond);
    const call = clientOf(server.url).compare(input as never);
    await expect(call).rejects.toMatchObject({ name: 'PorticoError', code: 'BAD_INPUT', status: undefined });
    expect(paths(server.requests)).toEqual(['/trpc/models.list']);
  },
);
