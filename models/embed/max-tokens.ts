import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const length = z.int().min(3);
const SentenceTransformer = z.object({ max_seq_length: length.nullish() });
const TokenizerFile = z.object({ truncation: z.object({ max_length: length }).nullish() });

/** What all-MiniLM-L6-v2 reads of a text. */
const usual = 256;
/** BERT's positions. Attention costs memory by the square of the length. */
const most = 512;

/**
 * Tokens of the longest text, special ones included: as sentence-transformers' file has it where there is one, or else as the
 * tokenizer's file truncates, 512 at most.
 */
export async function maxTokens(lengthsPath: string | undefined, tokenizerFile: unknown): Promise<number> {
  const lengths = lengthsPath === undefined ? undefined : await readFile(lengthsPath, 'utf8');
  const told =
    (lengths === undefined ? undefined : SentenceTransformer.parse(JSON.parse(lengths)).max_seq_length) ??
    TokenizerFile.parse(tokenizerFile).truncation?.max_length;
  return Math.min(told ?? usual, most);
}
