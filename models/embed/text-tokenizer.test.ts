import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectedTexts, tinyBert } from './testing/load-embed.ts';
import { loadTokenizer, type TextTokenizer } from './text-tokenizer.ts';

let tokenizer: TextTokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer(join(tinyBert, 'tokenizer.json'), join(tinyBert, 'sentence_bert_config.json'));
});

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
