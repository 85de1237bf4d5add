import { readFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';
import { bertText } from './bert-text.ts';
import { maxTokens } from './max-tokens.ts';
import { BertNormalizerPart, TokenizerFile, WordPiecePart } from './tokenizer-file.ts';
import { wordPieces } from './word-piece.ts';

/** A text as the network reads it. */
export interface TokenizedText {
  /** At most `maxTokens`; what is cut off stood at the end of the text, before the special tokens. */
  readonly ids: readonly number[];
  /** Tokens of the whole text. */
  readonly wholeLength: number;
}

export interface TextTokenizer {
  readonly maxTokens: number;
  tokenize(text: string): TokenizedText;
}

/** Reads a tokenizer.json, and a sentence_bert_config.json where there is one. */
export async function loadTokenizer(path: string, lengthsPath: string | undefined): Promise<TextTokenizer> {
  const file = TokenizerFile.parse(JSON.parse(await readFile(path, 'utf8')));
  const tokenizer = new Tokenizer(file, {});
  useWordPieces(tokenizer, file);
  const normalizer = BertNormalizerPart.safeParse(file.normalizer).data;
  const longest = await maxTokens(lengthsPath, file);
  const endingLength = lengthOfEnding(tokenizer);
  return {
    maxTokens: longest,
    tokenize(text) {
      const { ids } = tokenizer.encode(normalizer === undefined ? text : bertText(text, normalizer));
      const wholeLength = ids.length;
      if (wholeLength > longest) ids.splice(longest - endingLength, wholeLength - longest);
      return { ids, wholeLength };
    },
  };
}

/** The library takes the square of a word's length for each word: 170 ms for a text of 8 192 characters that is made for it. */
function useWordPieces({ model }: Tokenizer, file: TokenizerFile): void {
  const rules = WordPiecePart.safeParse(file.model).data;
  if (model === null || rules === undefined) return;
  model.encode = wordPieces({
    vocabulary: model.tokens_to_ids,
    unknown: rules.unk_token,
    prefix: rules.continuing_subword_prefix,
    longestWord: rules.max_input_chars_per_word,
  });
}

/** How many special tokens follow a text's own. */
function lengthOfEnding(tokenizer: Tokenizer): number {
  const own = tokenizer.encode('a', { add_special_tokens: false }).ids;
  const all = tokenizer.encode('a').ids;
  const last = own.at(-1);
  return last === undefined ? 0 : all.length - 1 - all.lastIndexOf(last);
}
