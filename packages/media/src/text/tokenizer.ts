import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';

/** What sentence-transformers has all-MiniLM-L6-v2 read of a text. */
const defaultMaxTokens = 256;
/** BERT's positions. Attention costs memory by the square of the length. */
const maxPositions = 512;

/** The ideographs beyond U+FFFF that BERT takes for words of their own. */
const ideographs =
  /[\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B820}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;

const TokenCount = z.int().min(3);

/** sentence_bert_config.json, as far as it matters here. */
const SentenceTransformer = z.object({ max_seq_length: TokenCount.nullish() });

/** A tokenizer.json, as far as more is read of it than the library reads. */
const TokenizerFile = z.looseObject({
  normalizer: z.looseObject({ type: z.string() }).nullish(),
  model: z.looseObject({ type: z.string().optional() }),
  truncation: z.looseObject({ max_length: TokenCount }).nullish(),
});
type TokenizerFile = z.infer<typeof TokenizerFile>;

/** How text is normalised. */
const BertNormalizer = z.object({
  type: z.literal('BertNormalizer'),
  lowercase: z.boolean().default(true),
  handle_chinese_chars: z.boolean().default(true),
});

type BertNormalizer = z.infer<typeof BertNormalizer>;

/** How words are split. */
const WordPiece = z.object({
  type: z.literal('WordPiece'),
  unk_token: z.string().default('[UNK]'),
  continuing_subword_prefix: z.string().default('##'),
  max_input_chars_per_word: z.int().positive().default(100),
});

/** A text as the network reads it. */
export interface TokenizedText {
  /** At most `maxTokens`; truncated at the end of the text, before the special tokens. */
  readonly ids: readonly number[];
  /** Tokens of the whole text. */
  readonly wholeLength: number;
}

export interface TextTokenizer {
  readonly maxTokens: number;
  tokenize(text: string): TokenizedText;
}

export interface TokenizerOptions {
  /** Path of a sentence_bert_config.json, which says how long a text may be. */
  readonly lengthsPath?: string | undefined;
  /**
   * Tokens that the network reads of a text, special ones included.
   * @default what the files say, 512 at most
   */
  readonly maxTokens?: number | undefined;
}

/**
 * Reads a tokenizer.json, as Hugging Face's libraries write it, for BERT's kind of networks and others.
 *
 * @throws when the file is not valid JSON or not a tokenizer's.
 */
export async function loadTokenizer(path: string, options: TokenizerOptions = {}): Promise<TextTokenizer> {
  const file = TokenizerFile.parse(await readJson(path));
  const tokenizer = new Tokenizer(file, {});
  useWordPieces(tokenizer, file);
  const normalizer = BertNormalizer.safeParse(file.normalizer).data;
  const maxTokens = options.maxTokens ?? (await maxTokensOf(options.lengthsPath, file));
  const endingLength = lengthOfEnding(tokenizer);
  return {
    maxTokens,
    tokenize(text) {
      const { ids } = tokenizer.encode(normalizer === undefined ? text : bertText(text, normalizer));
      const wholeLength = ids.length;
      if (wholeLength > maxTokens) ids.splice(maxTokens - endingLength, wholeLength - maxTokens);
      return { ids, wholeLength };
    },
  };
}

/** The library's own splitting takes the square of a word's length: 170 ms for the worst text of 8 192 characters. */
function useWordPieces({ model }: Tokenizer, file: TokenizerFile): void {
  const rules = WordPiece.safeParse(file.model).data;
  if (model === null || rules === undefined) return;
  model.encode = wordPieces({
    vocabulary: model.tokens_to_ids,
    unknown: rules.unk_token,
    prefix: rules.continuing_subword_prefix,
    maxWordLength: rules.max_input_chars_per_word,
  });
}

/** How many special tokens follow a text's own. */
function lengthOfEnding(tokenizer: Tokenizer): number {
  const own = tokenizer.encode('a', { add_special_tokens: false }).ids;
  const all = tokenizer.encode('a').ids;
  const last = own.at(-1);
  return last === undefined ? 0 : all.length - 1 - all.lastIndexOf(last);
}

/**
 * Tokens of the longest text, special ones included: as sentence-transformers' file says where there is one, or else as the
 * tokenizer's file truncates, 512 at most.
 */
export async function maxTokensOf(
  lengthsPath: string | undefined,
  { truncation }: Pick<TokenizerFile, 'truncation'>,
): Promise<number> {
  const lengths = lengthsPath === undefined ? undefined : SentenceTransformer.parse(await readJson(lengthsPath));
  return Math.min(lengths?.max_seq_length ?? truncation?.max_length ?? defaultMaxTokens, maxPositions);
}

/** The parser's own error would show what is in the file, and not which one it is. */
async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${basename(path)} is not valid JSON. Replace it with the file that belongs to the model.`);
  }
}

/**
 * Makes up for two differences between the library's normaliser and the one that models were trained with: the latter lowers every
 * letter by itself, so no sigma becomes a final one, and separates all ideographs.
 */
export function bertText(
  text: string,
  { lowercase, handle_chinese_chars: separate }: Omit<BertNormalizer, 'type'>,
): string {
  const lowered = lowercase ? text.replaceAll('Σ', 'σ') : text;
  return separate ? lowered.replaceAll(ideographs, ' $& ') : lowered;
}

/** The rules of WordPiece, as a tokenizer's file has them. */
interface WordPieceRules {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknown: string;
  /** Prefix of a piece that continues a word. */
  readonly prefix: string;
  /** In code points; a longer word is unknown. */
  readonly maxWordLength: number;
}

/**
 * Splits words into the longest pieces there are, from the left; a word that cannot be split is unknown.
 * No piece longer than the vocabulary's longest is tried, so that the worst text takes its length's time, not its square.
 */
export function wordPieces({
  vocabulary,
  unknown,
  prefix,
  maxWordLength,
}: WordPieceRules): (words: string[]) => string[] {
  let longestPiece = 0;
  for (const piece of vocabulary.keys()) longestPiece = Math.max(longestPiece, piece.length);

  const pieceAt = (word: string, start: number): string | undefined => {
    const before = start === 0 ? '' : prefix;
    for (let end = Math.min(word.length, start + longestPiece - before.length); end > start; end -= 1) {
      const piece = before + word.slice(start, end);
      if (vocabulary.has(piece)) return piece;
    }
    return undefined;
  };

  const split = (word: string): string[] => {
    if (word.length > maxWordLength && Array.from(word).length > maxWordLength) return [unknown];
    const pieces: string[] = [];
    for (let start = 0; start < word.length;) {
      const piece = pieceAt(word, start);
      if (piece === undefined) return [unknown];
      pieces.push(piece);
      start += piece.length - (start === 0 ? 0 : prefix.length);
    }
    return pieces;
  };

  return (words) => words.flatMap(split);
}
