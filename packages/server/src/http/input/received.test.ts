import { defineTask, image, json, type Task } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { maxJsonBytes } from './body.ts';
import { readJson } from './received.ts';

const shared = { summary: 'Probe.', params: z.object({}), output: z.object({}) };
const fileTask = defineTask({ name: 'file1', accepts: image(), ...shared });
const valueTask = defineTask({ name: 'value1', accepts: json(z.object({ text: z.string() })), ...shared });
const read = (task: Task, value: unknown, limit = 100) =>
  readJson(task, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), limit);
const code = (code: string): unknown => expect.objectContaining({ code });

describe('A file in JSON', () => {
  it('is decoded from base64, padded or not', async () => {
    for (const data of ['aGk=', 'aGk']) {
      expect(await read(fileTask, { input: { data, mediaType: 'image/JPG' }, params: { a: 1 } })).toEqual({
        kind: 'file',
        file: { data: Buffer.from('hi'), mediaType: 'image/jpeg' },
        params: { a: 1 },
      });
    }
  });

  it('may be in the alphabet for URLs', async () => {
    expect(await read(fileTask, { input: { data: '-_8=' } })).toMatchObject({
      file: { data: Buffer.from([0xfb, 0xff]) },
    });
  });

  it('may be as large as an upload, and no larger', async () => {
    const input = (bytes: number) => ({ input: { data: Buffer.alloc(bytes).toString('base64') } });
    expect(await read(fileTask, input(100))).toMatchObject({ kind: 'file' });
    await expect(read(fileTask, input(101))).rejects.toThrow(code('TOO_LARGE'));
    expect(JSON.stringify(input(100)).length).toBeLessThan(maxJsonBytes(100));
  });

  it.each([
    ['data:image/png;base64,aGk=', undefined, 'image/png'],
    ['DATA:image/JPG;charset=x;BASE64,aGk', undefined, 'image/jpeg'],
    ['data:image/jpeg;base64,aGk', 'image/jpg', 'image/jpeg'],
    ['data:;base64,aGk', undefined, ''],
    ['data:;base64,aGk', 'image/png', 'image/png'],
  ])('may be the data URL %s, declared as %s', async (data, mediaType, expected) => {
    const file = { data: Buffer.from('hi'), mediaType: expected };
    expect(await read(fileTask, { input: { data, mediaType } })).toMatchObject({ kind: 'file', file });
  });

  it('is refused as a data URL of another type than declared, or without base64', async () => {
    const input = { data: 'data:image/png;base64,aGk', mediaType: 'image/webp' };
    await expect(read(fileTask, { input })).rejects.toThrow(
      'input.data is a data URL of image/png, and input.mediaType says image/webp.',
    );
    for (const data of ['data:image/png,hi', 'data:', `data:${'x'.repeat(300)};base64,aGk`])
      await expect(read(fileTask, { input: { data } })).rejects.toThrow('input.data is a data URL without base64.');
    await expect(read(fileTask, { input: { data: 'data:image/png;base64,a Gk' } })).rejects.toThrow(
      'input.data is not valid base64.',
    );
  });

  it('is refused when it is not base64', async () => {
    for (const data of [
      'aGk=\n',
      'a Gk',
      'data:,hi',
      'a=Gk',
      'aGk=aGk=',
      'aGkxa',
      '*',
      '*A',
      'A*A',
      'AA*AA',
      'AAA*AA',
      'AAAA*AAA',
    ]) {
      await expect(read(fileTask, { input: { data } })).rejects.toThrow(code('BAD_INPUT'));
    }
  });
});

it('a body that is not UTF-8 is refused, not guessed at', async () => {
  const body = Buffer.concat([Buffer.from('{"input":{"text":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}}')]);
  await expect(readJson(valueTask, body, 100)).rejects.toThrow('The body is not valid UTF-8.');
});

it('A value in JSON is handed on, to be checked with the parameters', async () => {
  expect(await read(valueTask, { input: { text: 'hi' } })).toEqual({
    kind: 'value',
    value: { text: 'hi' },
    params: undefined,
  });
});

it('A value that is large is handed on as it came', async () => {
  const texts = Array.from({ length: 2_000 }, (_, index) => `"${index}"`).join(', ');
  const json = Buffer.from(`[${texts}]`);
  expect(await read(valueTask, `{"params":{"a":1},"input": [${texts}] }`)).toEqual({
    kind: 'large value',
    json: Buffer.concat([json, Buffer.from(' ')]),
    params: { a: 1 },
  });
});

it('What is empty or no JSON is refused', async () => {
  for (const text of ['', '{', 'undefined']) await expect(read(valueTask, text)).rejects.toThrow(code('BAD_INPUT'));
});
