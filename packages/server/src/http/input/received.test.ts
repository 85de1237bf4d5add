import { defineTask, file, form, image, isFailure, json, type Task } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { maxJsonBytes } from './body.ts';
import { byteLengthOf, readJson, readJsonBatch } from './received.ts';

const shared = { summary: 'Probe.', params: z.object({}), output: z.object({}) };
const fileTask = defineTask({ name: 'file1', accepts: image(), ...shared });
const valueTask = defineTask({ name: 'value1', accepts: json(z.object({ text: z.string() })), ...shared });
const pairTask = defineTask({ name: 'pair', accepts: form({ left: image(), right: file() }), ...shared });
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
    // What FileReader and the type of a File are where a browser does not know.
    ['data:image/png;base64,aGk', '', 'image/png'],
    ['data:application/octet-stream;base64,aGk', 'image/png', 'image/png'],
    ['data:image/png;base64,aGk', 'application/octet-stream', 'image/png'],
  ])('may be the data URL %s, declared as %s', async (data, mediaType, expected) => {
    const file = { data: Buffer.from('hi'), mediaType: expected };
    expect(await read(fileTask, { input: { data, mediaType } })).toMatchObject({ kind: 'file', file });
  });

  it('is refused as a data URL of another type than declared, or without base64', async () => {
    const input = { data: 'data:image/png;base64,aGk', mediaType: 'image/webp' };
    await expect(read(fileTask, { input })).rejects.toThrow(
      'input.data is a data URL of image/png, but mediaType beside it is image/webp.',
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

describe('Several files in JSON', () => {
  const data = Buffer.from('hi').toString('base64');

  it('have their names and types', async () => {
    const input = { right: { data: `data:text/csv;base64,${data}` }, left: { data, mediaType: 'image/JPG' } };
    expect(await read(pairTask, { input })).toEqual({
      kind: 'files',
      files: {
        left: { data: Buffer.from('hi'), mediaType: 'image/jpeg' },
        right: { data: Buffer.from('hi'), mediaType: 'text/csv' },
      },
      params: undefined,
    });
  });

  it('may be as large as an upload together, and no larger', async () => {
    const of = (bytes: number) => ({ data: Buffer.alloc(bytes).toString('base64') });
    expect(await read(pairTask, { input: { left: of(50), right: of(50) } })).toMatchObject({ kind: 'files' });
    await expect(read(pairTask, { input: { left: of(50), right: of(51) } })).rejects.toThrow(code('TOO_LARGE'));
  });

  it('are decoded by themselves where they are large', async () => {
    const large = Buffer.alloc(100_000, 'abc');
    const body = Buffer.from(JSON.stringify({ input: { left: { data }, right: { data: large.toString('base64') } } }));
    const received = await readJson(pairTask, body, 1e6);
    expect(received).toMatchObject({ files: { left: { data: Buffer.from('hi') } } });
    expect(byteLengthOf(received)).toBe(100_002);
  });

  it.each([
    [{ left: { data } }, 'input.right'],
    [{ left: { data }, right: { data }, __proto_: { data } }, 'input.__proto_'],
    [{ left: data, right: { data } }, 'input.left'],
    [{ left: { data, size: 2 }, right: { data } }, 'input.left.size'],
    [[{ data }, { data }], 'input'],
    [null, 'input'],
  ])('%j is refused with the place of the mistake', async (input, path) => {
    const issues = [expect.objectContaining({ path })];
    await expect(read(pairTask, { input })).rejects.toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETERS', issues }),
    );
  });
});

describe('A batch in JSON', () => {
  const limits = { maxUploadBytes: 1e6, maxBatchItems: 1_000 };
  const readBatch = (task: Task, value: unknown) =>
    readJsonBatch(task, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), limits);

  it('has an input or its failure in each place', async () => {
    const { inputs, params } = await readBatch(fileTask, {
      inputs: [{ data: 'aGk' }, { data: '*' }, 3],
      params: { a: 1 },
    });
    expect(inputs.map((input) => (isFailure(input) ? input.code : input.kind))).toEqual([
      'file',
      'BAD_INPUT',
      'INVALID_PARAMETERS',
    ]);
    expect(params).toEqual({ a: 1 });
  });

  it('has a failure that names its place where a file is wrong, however large the file is', async () => {
    const right = { data: Buffer.alloc(40_000).toString('base64') };
    const wrong = { data: `${right.data.slice(0, 30_000)}*${right.data.slice(30_001)}` };
    const { inputs } = await readBatch(fileTask, { inputs: [right, wrong, { data: '*' }, right] });
    expect(inputs.map((input) => (isFailure(input) ? input.message : byteLengthOf(input)))).toEqual([
      40_000,
      'inputs.1.data is not valid base64.',
      'inputs.2.data is not valid base64.',
      40_000,
    ]);
  });

  it('may have very many small files that take more than a mebibyte together', async () => {
    const files = Array.from({ length: 300 }, (_, index) => Buffer.alloc(6_000, index));
    const { inputs } = await readBatch(fileTask, { inputs: files.map((data) => ({ data: data.toString('base64') })) });
    const same = inputs.map(
      (input, index) =>
        !isFailure(input) && input.kind === 'file' && Buffer.compare(input.file.data, files[index] as Buffer) === 0,
    );
    expect(same).toEqual(files.map(() => true));
  });

  it('may have as many inputs as a request, each with all of its files, and no more', async () => {
    const pair = { left: { data: 'aGk', mediaType: 'image/png' }, right: { data: 'aGk', name: 'b.txt' } };
    const { inputs } = await readBatch(pairTask, { inputs: Array.from({ length: 1_000 }, () => pair) });
    expect(inputs.filter((input) => !isFailure(input) && input.kind === 'files')).toHaveLength(1_000);
    const tooMany = readBatch(pairTask, { inputs: Array.from({ length: 1_001 }, () => pair) });
    await expect(tooMany).rejects.toThrow('Send at most 1000 inputs per request');
  });

  it('leaves values that are many to the engines, which check them', async () => {
    const inputs = Array.from({ length: 3 }, () => ({ text: 'a', rest: Array.from({ length: 900 }, () => 1) }));
    const batch = await readBatch(valueTask, { inputs });
    expect(batch.inputs.map((input) => isFailure(input) || input.kind)).toEqual(
      Array.from({ length: 3 }, () => 'large value'),
    );
  });

  it('is refused as a whole where it is no list of inputs, or has more than it could', async () => {
    for (const value of ['', '{', { inputs: [] }])
      await expect(readBatch(valueTask, value)).rejects.toThrow(code('BAD_INPUT'));
    for (const value of [{}, { inputs: {} }, { inputs: [1], input: 1 }, []])
      await expect(readBatch(valueTask, value)).rejects.toThrow(code('INVALID_PARAMETERS'));
    const values = readBatch(valueTask, `{"inputs":[${'1,'.repeat(100_000)}1]}`);
    await expect(values).rejects.toThrow('The body contains more than 9000 values.');
  });
});
