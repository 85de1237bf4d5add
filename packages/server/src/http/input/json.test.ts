import { defineTask, image, json, type Task } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { maxJsonBytes } from './body.ts';
import { checkValueCount, readJson } from './json.ts';

const shared = { summary: 'Probe.', params: z.object({}), output: z.object({}) };
const fileTask = defineTask({ name: 'file1', accepts: image(), ...shared });
const valueTask = defineTask({ name: 'value1', accepts: json(z.object({ text: z.string() })), ...shared });
const read = (task: Task, value: unknown, limit = 100) =>
  readJson(task, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), limit);
const jsonBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const code = (code: string): unknown => expect.objectContaining({ code });

describe('A file in JSON', () => {
  it('is decoded from base64, padded or not', () => {
    for (const data of ['aGk=', 'aGk']) {
      expect(read(fileTask, { input: { data, mediaType: 'image/JPG' }, params: { a: 1 } })).toEqual({
        kind: 'file',
        file: { data: Buffer.from('hi'), mediaType: 'image/jpeg' },
        params: { a: 1 },
      });
    }
  });

  it('may be in the alphabet for URLs', () => {
    expect(read(fileTask, { input: { data: '-_8=' } })).toMatchObject({ file: { data: Buffer.from([0xfb, 0xff]) } });
  });

  it('may be as large as an upload, and no larger', () => {
    const input = (bytes: number) => ({ input: { data: Buffer.alloc(bytes).toString('base64') } });
    expect(read(fileTask, input(100))).toMatchObject({ kind: 'file' });
    expect(() => read(fileTask, input(101))).toThrow(code('TOO_LARGE'));
    expect(JSON.stringify(input(100)).length).toBeLessThan(maxJsonBytes(100));
  });

  it.each([
    ['data:image/png;base64,aGk=', undefined, 'image/png'],
    ['DATA:image/JPG;charset=x;BASE64,aGk', undefined, 'image/jpeg'],
    ['data:image/jpeg;base64,aGk', 'image/jpg', 'image/jpeg'],
    ['data:;base64,aGk', undefined, ''],
    ['data:;base64,aGk', 'image/png', 'image/png'],
  ])('may be the data URL %s, declared as %s', (data, mediaType, expected) => {
    const file = { data: Buffer.from('hi'), mediaType: expected };
    expect(read(fileTask, { input: { data, mediaType } })).toMatchObject({ kind: 'file', file });
  });

  it('is refused as a data URL of another type than declared, or without base64', () => {
    const input = { data: 'data:image/png;base64,aGk', mediaType: 'image/webp' };
    expect(() => read(fileTask, { input })).toThrow(
      'input.data is a data URL of image/png, and input.mediaType says image/webp.',
    );
    for (const data of ['data:image/png,hi', 'data:', `data:${'x'.repeat(300)};base64,aGk`])
      expect(() => read(fileTask, { input: { data } })).toThrow('input.data is a data URL without base64.');
    expect(() => read(fileTask, { input: { data: 'data:image/png;base64,a Gk' } })).toThrow(
      'input.data is not valid base64.',
    );
  });

  it('is refused when it is not base64', () => {
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
      expect(() => read(fileTask, { input: { data } })).toThrow(code('BAD_INPUT'));
    }
  });
});

it('a body that is not UTF-8 is refused, not guessed at', () => {
  const body = Buffer.concat([Buffer.from('{"input":{"text":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}}')]);
  expect(() => readJson(valueTask, body, 100)).toThrow('The body is not valid UTF-8.');
});

describe('A value in JSON', () => {
  it('is checked against the task', () => {
    expect(read(valueTask, { input: { text: 'hi' } })).toEqual({
      kind: 'value',
      value: { text: 'hi' },
      params: undefined,
    });
    expect(() => read(valueTask, { input: { text: 1 } })).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ path: 'input.text' })] }) as Error,
    );
  });
});

it('What is empty or no JSON is refused', () => {
  for (const text of ['', '{', 'undefined']) expect(() => read(valueTask, text)).toThrow(code('BAD_INPUT'));
});

it('A file of any length and its parameters are few values', () => {
  const file = { data: 'A'.repeat(28_000_000), mediaType: 'image/png' };
  expect(() => checkValueCount(jsonBytes({ input: file, params: { minConfidence: 0.5 } }))).not.toThrow();
});

it('Endless names, lists and objects are refused before they are parsed', () => {
  const names = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, 1]));
  for (const many of [{ params: names }, Array.from({ length: 20_000 }, () => 0)]) {
    expect(() => checkValueCount(jsonBytes(many))).toThrow('more than 10000 values');
  }
  expect(() => checkValueCount(Buffer.from('['.repeat(20_000)))).toThrow('more than 10000 values');
});
