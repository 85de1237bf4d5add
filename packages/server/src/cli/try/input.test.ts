import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineTask, image, json } from '@portico/schemas';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readTrialInput } from './input.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-input-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const common = {
  summary: 'A test.',
  params: z.object({ invert: z.boolean().default(false), sizes: z.array(z.number()).default([]) }),
  output: z.object({}),
};
const picture = defineTask({ ...common, name: 'picture', accepts: image() });
const value = defineTask({ ...common, name: 'value', accepts: json(z.object({ text: z.string() })) });
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAG7buVgAAAABJRU5ErkJggg==',
  'base64',
);

describe('the input on a command line', () => {
  it('is a file, whose type its bytes tell', async () => {
    const input = await readTrialInput(picture, [at('a-picture', png)], []);
    expect(input).toEqual({ bytes: png, mediaType: 'image/png', params: { invert: false, sizes: [] } });
  });

  it('is JSON itself or a file of JSON, for a task that takes it', async () => {
    const expected = { bytes: Buffer.from('{"text":"hi"}'), mediaType: null };
    expect(await readTrialInput(value, ['{"text": "hi"}'], [])).toMatchObject(expected);
    expect(await readTrialInput(value, [at('value.json', '{ "text": "hi" }')], [])).toMatchObject(expected);
  });

  it('has parameters as JSON, or as text that the contract converts', async () => {
    const file = at('b-picture', png);
    const paramsOf = async (...given: string[]): Promise<unknown> =>
      (await readTrialInput(picture, [file], given)).params;
    expect(await paramsOf('{"invert":true}')).toMatchObject({ invert: true });
    expect(await paramsOf('invert=yes', 'sizes=1', 'sizes=2')).toEqual({ invert: true, sizes: [1, 2] });
  });

  it.each([
    [picture, ['missing.png'], [], 'There is no file missing.png.'],
    [picture, ['a', 'b'], [], 'The task picture takes one input, not 2: a b.'],
    [picture, [at('text', 'words')], [], /^UNSUPPORTED_MEDIA_TYPE: The media type of the file was not declared/],
    [picture, [at('c', png)], ['invert'], '--params invert is neither NAME=VALUE nor a JSON object.'],
    [picture, [at('d', png)], ['{'], /^--params is not JSON \(/],
    [picture, [at('e', png)], ['invert=maybe'], /^INVALID_PARAMETERS: params\.invert: /],
    [value, ['{"text":'], [], /^\{"text": is neither a file nor JSON/],
    [value, ['{"text":5}'], [], /^INVALID_PARAMETERS: input\.text: /],
    [value, [at('f', png)], [], /f is not JSON .*, and the task takes JSON\.$/],
  ])('is refused in one sentence: %#', async (task, words, params, message) => {
    await expect(readTrialInput(task, words, params)).rejects.toThrow(message);
  });
});
