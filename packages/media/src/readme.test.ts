import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const samples = join(import.meta.dirname, '../../../samples');
const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
const [pictures = '', recordings = ''] = blocks('ts');
const [printed = ''] = blocks('');

let folder: string;
let lines: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-media-'));
  lines = [];
  const print = (...values: unknown[]): void =>
    void lines.push(values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '));
  vi.spyOn(console, 'log').mockImplementation(print);
});
afterEach(() => rm(folder, { recursive: true }));

test('the example with a picture prints what the page says', async () => {
  await run(pictures.replace('photo.png', join(samples, 'astronaut.png')));
  expect(`${lines.join('\n')}\n`).toBe(printed);
});

test('the example with a recording prints its length', async () => {
  await run(recordings.replace('speech.flac', join(samples, 'speech.flac')));
  expect(lines).toEqual(['6.4186875 s']);
});

async function run(example: string): Promise<void> {
  const path = join(folder, 'example.ts');
  const door = pathToFileURL(join(import.meta.dirname, 'index.ts')).href;
  await writeFile(path, example.replace("'@portico/media'", `'${door}'`));
  await import(pathToFileURL(path).href);
}

function blocks(language: string): string[] {
  return [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter(([, of]) => of === language)
    .map(([, , text = '']) => text);
}
