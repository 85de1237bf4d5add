import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { maxTokens } from './max-tokens.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-lengths-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function lengthsFile(content: string): Promise<string> {
  const path = join(folder, 'lengths.json');
  await writeFile(path, content);
  return path;
}

const truncatedAt = (length: number) => ({ truncation: { max_length: length } });

test('what sentence-transformers says counts, not where the tokenizer truncates', async () => {
  expect(await maxTokens(await lengthsFile('{"max_seq_length": 256}'), truncatedAt(128))).toBe(256);
});

test('without its file, or its word, the tokenizer counts, and then what is usual', async () => {
  expect(await maxTokens(undefined, truncatedAt(128))).toBe(128);
  expect(await maxTokens(await lengthsFile('{"max_seq_length": null}'), truncatedAt(64))).toBe(64);
  expect(await maxTokens(undefined, { truncation: null })).toBe(256);
});

test('no text is longer than BERT has positions', async () => {
  expect(await maxTokens(await lengthsFile('{"max_seq_length": 8192}'), {})).toBe(512);
});

test.each([
  ['{"max_seq_length": "long"}', 'expected number'],
  ['{"max_seq_length": 1}', 'expected number to be >=3'],
  ['nothing', 'not valid JSON'],
])('%s is refused', async (content, message) => {
  const path = await lengthsFile(content);
  await expect(maxTokens(path, {})).rejects.toThrow(message);
});
