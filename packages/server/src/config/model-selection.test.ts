import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configuredFile, npmFile } from '../weights/weights-file.ts';
import { configuredWeights } from './model-selection.ts';

const variable = 'EMBED_WEIGHTS';
const weights = {
  network: configuredFile(variable, 'onnx/model.onnx'),
  tokenizer: configuredFile(variable, 'tokenizer.json'),
  own: npmFile('zod', 'package.json', '0'),
};
const need = 'the model embed needs a folder or an http(s) URL with onnx/model.onnx and tokenizer.json';
const given = (value?: string) => configuredWeights('embed', weights, value === undefined ? {} : { [variable]: value });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-configured-'));
  await mkdir(join(folder, 'whole', 'onnx'), { recursive: true });
  await mkdir(join(folder, 'half', 'tokenizer.json'), { recursive: true });
  await writeFile(join(folder, 'whole', 'onnx', 'model.onnx'), '');
  await writeFile(join(folder, 'whole', 'tokenizer.json'), '');
});
afterAll(() => rm(folder, { recursive: true }));

it('a folder has the files, with or without a slash at its end', () => {
  for (const value of [join(folder, 'whole'), `${join(folder, 'whole')}/`]) {
    expect(given(value)).toEqual({
      network: { kind: 'local', path: join(folder, 'whole', 'onnx', 'model.onnx') },
      tokenizer: { kind: 'local', path: join(folder, 'whole', 'tokenizer.json') },
      own: weights.own,
    });
  }
});

it.each([
  ['https://example.org', 'https://example.org/onnx/model.onnx'],
  ['https://example.org/a/', 'https://example.org/a/onnx/model.onnx'],
  [' HTTP://example.org/a ', 'http://example.org/a/onnx/model.onnx'],
  ['https://u:p@example.org/a/?token=b%2Fc#top', 'https://u:p@example.org/a/onnx/model.onnx?token=b%2Fc'],
])('%s has the first at %s', (value, url) => {
  expect(given(value)).toMatchObject({ network: { kind: 'download', url } });
});

it.each([
  [undefined, need],
  ['', need],
  ['ftp://example.org/a', need],
  ['http://', `the URL is invalid; ${need}`],
  ['/no/such/folder', `there is no such folder; ${need}`],
  ['x'.repeat(5_000), `there is no such folder; ${need}`],
])('%s is a mistake', (value, message) => {
  expect(given(value)).toEqual([{ variable, message }]);
});

it('what a folder lacks is named, and a folder in the place of a file is not a file', () => {
  const message = `the folder has no onnx/model.onnx and no tokenizer.json; ${need}`;
  expect(given(join(folder, 'half'))).toEqual([{ variable, message }]);
});

it('each variable is reported once, and none of those that no file names', () => {
  const several = { ...weights, words: configuredFile('EMBED_WORDS', 'words.txt') };
  expect(configuredWeights('embed', several, { OTHER: 'x' })).toEqual([
    { variable, message: need },
    { variable: 'EMBED_WORDS', message: 'the model embed needs a folder or an http(s) URL with words.txt' },
  ]);
});

it('an optional file is not asked for, is left out of a folder without it, and may be below a URL', async () => {
  const more = { ...weights, lengths: configuredFile(variable, 'lengths.json', { optional: true }) };
  const whole = join(folder, 'whole');
  expect(configuredWeights('embed', more, {})).toEqual([{ variable, message: need }]);
  expect(configuredWeights('embed', more, { [variable]: whole })).toEqual(given(whole));
  expect(configuredWeights('embed', more, { [variable]: 'http://example.org' })).toMatchObject({
    lengths: { kind: 'download', url: 'http://example.org/lengths.json', optional: true },
  });
  await writeFile(join(whole, 'lengths.json'), '{}');
  expect(configuredWeights('embed', more, { [variable]: whole })).toMatchObject({
    lengths: { kind: 'local', path: join(whole, 'lengths.json') },
  });
  await rm(join(whole, 'lengths.json'));
});
