import { bytes, dataUrl, defineTask, json } from '@portico/schemas';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { formOf, type StubResponse, startStubServer } from '../../test/stub-server.ts';
import { createPortico } from '../create-portico.ts';
import type { FileInput } from '../files/file-input.ts';

/** Tasks of each kind that produce a recording, and one that produces nothing. */
const tasks = { speak: 'json', clean: 'audio', mix: 'form', read: 'image' } as const;

/** A server that responds with a recording. */
const respond = (): StubResponse => ({ headers: { 'content-type': 'audio/wav' }, body: 'RIFF' });

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
const clientOf = (url: string) => createPortico<Contracts>({ url, tasks, retry: false });
const file = new Uint8Array([1]);
const anyBytes = '*/*, application/json;q=0, text/event-stream;q=0';

describe('blob resolves with the bytes that a task produces, whatever it takes:', () => {
  test('JSON', async () => {
    await using server = await startStubServer(respond);
    const speech = await clientOf(server.url).speak.blob({ text: 'Good morning' }, { speed: 2 });
    expect([speech.type, await speech.text()]).toEqual(['audio/wav', 'RIFF']);
    expect(server.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: '/speak',
      headers: { accept: anyBytes, 'content-type': 'application/json' },
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
    expect(server.requests.at(-1)).toMatchObject({ path: '/clean', headers: { accept: anyBytes } });
    expect([...(await formOf(server.requests.at(-1))).keys()]).toEqual(['speed', 'file']);
  });

  test('several files', async () => {
    await using server = await startStubServer(respond);
    const speech = await clientOf(server.url).mix.blob({ voice: file, music: file });
    expect(speech.type).toBe('audio/wav');
    expect(server.requests.at(-1)).toMatchObject({ path: '/mix', headers: { accept: anyBytes } });
    expect([...(await formOf(server.requests.at(-1))).keys()]).toEqual(['voice', 'music']);
  });
});

test('a contract that is known when the program runs says of which type the bytes are', async () => {
  await using server = await startStubServer(respond);
  const speak = defineTask({
    name: 'speak',
    summary: 'Read a text aloud.',
    accepts: json(z.object({ text: z.string() })),
    params: z.object({}),
    output: z.object({ speech: dataUrl('audio/wav') }),
    produces: bytes('speech', 'audio/wav'),
  });
  const speech = await createPortico({ url: server.url, tasks: { speak } }).speak.blob({ text: 'Good morning' });
  expect(speech.type).toBe('audio/wav');
  expect(server.requests).toMatchObject([{ path: '/speak', headers: { accept: 'audio/wav' } }]);
});

test.each([
  ['JSON', 'application/json'],
  ['a page', 'text/html'],
  ['nothing', ''],
])('a response with %s in place of the bytes is an error', async (_name, type) => {
  await using server = await startStubServer({ headers: { 'content-type': type }, body: '{}' });
  await expect(clientOf(server.url).clean.blob(file)).rejects.toMatchObject({ code: 'NETWORK', status: 200 });
});

test('a page that the server itself has made is what the task produces', async () => {
  await using server = await startStubServer({
    headers: { 'content-type': 'text/html', 'x-request-id': 'request-1' },
    body: '<h1>Report</h1>',
  });
  const page = await clientOf(server.url).clean.blob(file);
  expect(await page.text()).toBe('<h1>Report</h1>');
});

test('JSON that cannot be written is rejected before it is sent', async () => {
  await using server = await startStubServer(respond);
  const call = clientOf(server.url).speak.blob({ text: 1n as never });
  await expect(call).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('BigInt') });
  expect(server.requests).toEqual([]);
});
