import { EmbedParams, type embed } from '@portico/schemas';
import type { ModelInput } from '@portico/server/model';

/** A short text, and one of the greatest length: a network that has fewer positions than its tokenizer's file says fails now. */
export const warmUpInput = (): ModelInput<typeof embed> => ({
  input: { texts: ['warm up', 'a '.repeat(4_096)] },
  params: EmbedParams.parse({}),
});
