import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bertText, loadTokenizer, maxTokensOf, type TextTokenizer, wordPieces } from './tokenizer.ts';

/** What tests of the task `embed` run on; its README says how it was made. */
const tinyBert = join(import.meta.dirname, '../../../../models/embed/testing/tiny-bert');
/** What the Rust library makes of some texts. */
const expectedTexts = JSON.parse(await readFile(join(tinyBert, 'expected.json'), 'utf8')) as {
  readonly text: string;
  readonly ids: readonly number[];
}[];

let folder: string;
let tokenizer: TextTokenizer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-lengths-'));
  tokenizer = await loadTokenizer(join(tinyBert, 'tokenizer.json'), {
    lengthsPath: join(tinyBert, 'sentence_bert_config.json'),
  });
});
afterAll(() => rm(folder, { recursive: true }));

test.each(expectedTexts)('the tokens of $text are those of the Rust library', ({ text, ids }) => {
  expect(tokenizer.tokenize(text).ids).toEqual(ids);
});

describe('a text that is too long', () => {
  test('loses its end, but not the special token that ends it', () => {
    const whole = tokenizer.tokenize('hello '.repeat(46));
    const { ids, wholeLength } = tokenizer.tokenize('hello '.repeat(47));
    expect([whole.wholeLength, wholeLength, ids.length]).toEqual([48, 49, 48]);
    expect(ids).toEqual(whole.ids);
  });
});

describe('the greatest length of a text', () => {
  async function lengthsFile(content: string): Promise<string> {
    const path = join(folder, 'lengths.json');
    await writeFile(path, content);
    return path;
  }

  const truncatedAt = (length: number) => ({ truncation: { max_length: length } });

  test('what sentence-transformers says counts, not where the tokenizer truncates', async () => {
    expect(await maxTokensOf(await lengthsFile('{"max_seq_length": 256}'), truncatedAt(128))).toBe(256);
  });

  test('without its file, or its word, the tokenizer counts, and then what is usual', async () => {
    expect(await maxTokensOf(undefined, truncatedAt(128))).toBe(128);
    expect(await maxTokensOf(await lengthsFile('{"max_seq_length": null}'), truncatedAt(64))).toBe(64);
    expect(await maxTokensOf(undefined, { truncation: null })).toBe(256);
  });

  test('no text is longer than BERT has positions', async () => {
    expect(await maxTokensOf(await lengthsFile('{"max_seq_length": 8192}'), {})).toBe(512);
  });

  test.each([
    ['{"max_seq_length": "long"}', 'expected number'],
    ['{"max_seq_length": 1}', 'expected number to be >=3'],
    ['nothing', 'lengths.json is not valid JSON.'],
  ])('%s is refused', async (content, message) => {
    const path = await lengthsFile(content);
    await expect(maxTokensOf(path, {})).rejects.toThrow(message);
  });
});

describe('normalising', () => {
  const both = { lowercase: true, handle_chinese_chars: true };

  test('a sigma is lowered as any other letter, at the end of a word too', () => {
    expect(bertText('ΟΔΟΣ', both).toLowerCase()).toBe('οδοσ');
    expect(bertText('ΟΔΟΣ', { ...both, lowercase: false })).toBe('ΟΔΟΣ');
  });

  test('ideographs beyond U+FFFF become words of their own', () => {
    expect(bertText('a𠀀b😀', both)).toBe('a 𠀀 b😀');
    expect(bertText('a𠀀b', { ...both, handle_chinese_chars: false })).toBe('a𠀀b');
  });
});

describe('WordPiece', () => {
  const rulesOf = (pieces: readonly string[], maxWordLength = 100) => ({
    vocabulary: new Map(['[UNK]', ...pieces].map((piece, id) => [piece, id])),
    unknown: '[UNK]',
    prefix: '##',
    maxWordLength,
  });

  test('a word is split into the longest pieces from the left', () => {
    const split = wordPieces(rulesOf(['un', 'una', '##aff', '##able', '##ff', '##a']));
    expect(split(['unaffable', 'un', 'una'])).toEqual(['una', '##ff', '##able', 'un', 'una']);
  });

  test('a word with a part that no piece fits is unknown as a whole', () => {
    const split = wordPieces(rulesOf(['a', '##b']));
    expect(split(['ab', 'abc', 'cab'])).toEqual(['a', '##b', '[UNK]', '[UNK]']);
  });

  test('words are measured in code points', () => {
    const split = wordPieces(rulesOf(['😀', '##😀', 'a', '##a'], 3));
    expect(split(['😀😀😀', '😀😀😀😀', 'aaa', 'aaaa'])).toEqual([
      '😀',
      '##😀',
      '##😀',
      '[UNK]',
      'a',
      '##a',
      '##a',
      '[UNK]',
    ]);
  });

  test('pieces put together are the word again, which can be split just where its first and later letters are known', () => {
    const letters = fc.constantFrom('a', 'b', 'c');
    const piece = fc.string({ unit: letters, minLength: 1, maxLength: 4 });
    const word = fc.string({ unit: letters, minLength: 1, maxLength: 30 });
    const known = ['a', 'b', '##a', '##b', '##c'];
    fc.assert(
      fc.property(fc.array(piece), fc.array(piece), word, (first, later, word) => {
        const firstPieces = first.filter((piece) => !piece.startsWith('c'));
        const split = wordPieces(rulesOf([...known, ...firstPieces, ...later.map((piece) => `##${piece}`)]));
        const together = split([word])
          .map((piece) => piece.replace('##', ''))
          .join('');
        expect(together).toBe(word.startsWith('c') ? '[UNK]' : word);
      }),
    );
  });
});
