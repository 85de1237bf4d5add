import { transformer } from '@portico/api';
import { describe, expect, test } from 'vitest';
import { formOf, type ReceivedRequest, type StubResponse, startStubServer } from '../../test/stub-server.ts';
import { createPortico } from '../create-portico.ts';
import type { FileInput } from '../files/file-input.ts';

const wav = { field: 'speech', mediaType: 'audio/wav' };
const models = [
  { kind: 'task', name: 'speak', inputKind: 'json', accepts: ['application/json'], produces: wav },
  { kind: 'task', name: 'clean', inputKind: 'audio', accepts: ['audio/wav'], produces: wav },
  { kind: 'task', name: 'mix', inputKind: 'form', accepts: ['multipart/form-data'], produces: wav },
  { kind: 'task', name: 'read', inputKind: 'image', accepts: ['image/png'], produces: null },
];

/** A server with tasks of each kind that produce a recording. */
function respond({ path }: ReceivedRequest): StubResponse {
  if (path.startsWith('/trpc/models.list')) return { body: { result: { data: transformer.serialize({ models }) } } };
  return { headers: { 'content-type': 'audio/wav' }, body: 'RIFF' };
}

interface Task<Accepts, Input> {
  accepts: Accepts;
  input: Input;
  params: { speed?: number };
  output: { speech: string };
  item: never;
  produces: 'audio/wav';
}
interface Contracts {
  speak: Task<'json', { text: string }>;
  clean: Task<'audio', never>;
  mix: Task<'form', { voice: FileInput; music: FileInput }>;
  read: Task<'image', never>;
}
const clientOf = (url: string) => createPortico<Contracts>({ url, retry: false });
const file = new Uint8Array([1]);

describe('blob resolves with the bytes that a task produces, whatever it takes:', () => {
  test('JSON', async () => {
    await using server = await startStubServer(respond);
    const speech = await clientOf(server.url).speak.blob({ text: 'Good morning' }, { speed: 2 });
    expect([speech.type, await speech.text()]).toEqual(['audio/wav', 'RIFF']);
    expect(server.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: '/speak',
      headers: { accept: 'audio/wav', 'content-type': 'application/json' },
    });
    expect(JSON.parse(String(server.requests.at(-1)?.body))).toEqual({
      input: { text: 'Good morning' },
      params: { speed: 2 },
    });
  });

  test('a file', async () => {
    await using server = await startStubServer(respond);
    const speech = await clientOf(server.url).clean.blob(file, { speed: 2 });
    expect([speech.type, await speech.text()]).toEqual(['audio/wav', 'RIFF']);
    expect(server.requests.at(-1)).toMatchObject({ path: '/clean', headers: { accept: 'audio/wav' } });
    expect([...(await formOf(server.requests.at(-1))).keys()]).toEqual(['speed', 'file']);
  });

  test('several files', async () => {
    await using server = await startStubServer(respond);
    const speech = await clientOf(server.url).mix.blob({ voice: file, music: file });
    expect(speech.type).toBe('audio/wav');
    expect(server.requests.at(-1)).toMatchObject({ path: '/mix', headers: { accept: 'audio/wav' } });
    expect([...(await formOf(server.requests.at(-1))).keys()]).toEqual(['voice', 'music']);
  });
});

test('a task that produces nothing leaves it to the server to say so', async () => {
  await using server = await startStubServer(respond);
  const { read } = clientOf(server.url);
  await read.blob(file).catch(() => {});
  expect(server.requests.at(-1)).toMatchObject({ path: '/read', headers: { accept: 'application/octet-stream' } });
});

test.each([
  ['JSON', 'application/json'],
  ['a page', 'text/html'],
  ['nothing', ''],
])('a response with %s in place of the bytes is an error', async (_name, type) => {
  await using server = await startStubServer((request) =>
    request.path === '/clean' ? { headers: { 'content-type': type }, body: '{}' } : respond(request),
  );
  await expect(clientOf(server.url).clean.blob(file)).rejects.toMatchObject({ code: 'NETWORK', status: 200 });
});

test('JSON that cannot be written is rejected before it is sent', async () => {
  await using server = await startStubServer(respond);
  const call = clientOf(server.url).speak.blob({ text: 1n as never });
  await expect(call).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('BigInt') });
  expect(server.requests.map(({ path }) => path.replace(/\?.*/, ''))).toEqual(['/trpc/models.list']);
});
