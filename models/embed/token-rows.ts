import { type embed, Failure } from '@portico/schemas';
import type { ModelInput } from '@portico/server/model';
import type { TextTokenizer } from './tokenizer.ts';

/** What one request may cost: two seconds of one core with MiniLM. */
export const mostTokens = 8_192;

/**
 * The token ids of each text of one input; the event loop has turned once afterwards.
 * @throws {Failure} `BAD_INPUT` for a text that is too long and must not be truncated, `TOO_LARGE` for too many tokens.
 */
export async function tokenRows(
  { input: { texts }, params: { truncate } }: ModelInput<typeof embed>,
  tokenizer: TextTokenizer,
): Promise<(readonly number[])[]> {
  const tokenized = texts.map((text) => tokenizer.tokenize(text));
  await new Promise((turn) => setImmediate(turn));
  const { maxTokens } = tokenizer;
  const tooLong = truncate ? -1 : tokenized.findIndex(({ wholeLength }) => wholeLength > maxTokens);
  if (tooLong >= 0) {
    const has = `input.texts.${tooLong} has ${tokenized[tooLong]?.wholeLength} tokens`;
    throw new Failure('BAD_INPUT', `${has}; the model reads ${maxTokens}. Shorten it, or let it be truncated.`);
  }
  const rows = tokenized.map(({ ids }) => ids);
  const tokens = rows.reduce((sum, { length }) => sum + length, 0);
  if (tokens > mostTokens)
    throw new Failure('TOO_LARGE', `The texts have ${tokens} tokens; ask about at most ${mostTokens} at once.`);
  return rows;
}
