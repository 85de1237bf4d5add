import { expect, test } from 'vitest';
import { formOf, type ReceivedRequest, startStubServer } from '../../test/stub-server.ts';
import { createPortico } from '../create-portico.ts';
import type { FileInput } from '../files/file-input.ts';

/** A server with a task that takes two files. */
const respond = { body: { distance: 0.5 } };

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
const clientOf = (url: string) => createPortico<Contracts>({ url, tasks: { compare: 'form' }, retry: false });
const left = new Uint8Array([1]);
const right = new File(['two'], 'two.txt', { type: 'text/plain' });

const paths = (requests: readonly ReceivedRequest[]): string[] => requests.map(({ path }) => path);

test('several files are the parts of one form, each under its name', async () => {
  await using server = await startStubServer(respond);
  const { compare } = clientOf(server.url);
  await expect(compare({ left, right }, { metric: 'cosine' })).resolves.toEqual({ distance: 0.5 });
  await compare({ left: 'data:image/png;base64,AQ==', right: { data: 'data:,two', name: 'two.txt' } });
  expect(paths(server.requests)).toEqual(['/compare', '/compare']);
  expect(server.requests[0]?.headers.accept).toBe('application/json');
  const form = await formOf(server.requests[0]);
  expect([...form.keys()]).toEqual(['metric', 'left', 'right']);
  const files = ['left', 'right'].map((part) => form.get(part) as File);
  expect(files.map(({ name, type }) => [name, type])).toEqual([
    ['file', 'application/octet-stream'],
    ['two.txt', 'text/plain'],
  ]);
  expect(await Promise.all(files.map((file) => file.text()))).toEqual(['\u0001', 'two']);
  const second = await formOf(server.requests[1]);
  expect(await (second.get('left') as File).text()).toBe('\u0001');
  expect((second.get('right') as File).name).toBe('two.txt');
});

test('a batch is a list of such inputs', async () => {
  await using server = await startStubServer(respond);
  const portico = clientOf(server.url);
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

test('a stream sends them in the same form', async () => {
  await using server = await startStubServer(respond);
  const stream = clientOf(server.url).compare.stream({ left, right }, { metric: 'cosine' });
  await stream.next().catch(() => {});
  expect(server.requests[0]).toMatchObject({ path: '/compare', headers: { accept: 'text/event-stream' } });
  expect([...(await formOf(server.requests[0])).keys()]).toEqual(['metric', 'left', 'right']);
});

test.each([
  ['a path'],
  [7],
  [left],
  [['left.png', 'right.png']],
  [null],
  [{ left, right: 7 }],
  [{ left: undefined, right }],
])('%j is not several files under their names, and nothing of it is sent', async (input) => {
  await using server = await startStubServer(respond);
  const call = clientOf(server.url).compare(input as never);
  await expect(call).rejects.toMatchObject({ name: 'PorticoError', code: 'BAD_INPUT', status: undefined });
  expect(server.requests).toEqual([]);
});
