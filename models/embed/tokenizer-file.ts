import { z } from 'zod';

/** A tokenizer.json, as far as more is read of it than the library reads. */
export const TokenizerFile = z.looseObject({
  normalizer: z.looseObject({ type: z.string() }).nullish(),
  model: z.looseObject({ type: z.string().optional() }),
});
export type TokenizerFile = z.infer<typeof TokenizerFile>;

export const BertNormalizerPart = z.object({
  type: z.literal('BertNormalizer'),
  lowercase: z.boolean().default(true),
  handle_chinese_chars: z.boolean().default(true),
});

export const WordPiecePart = z.object({
  type: z.literal('WordPiece'),
  unk_token: z.string().default('[UNK]'),
  continuing_subword_prefix: z.string().default('##'),
  max_input_chars_per_word: z.int().positive().default(100),
});
