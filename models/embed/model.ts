import { embed } from '@portico/schemas';
import { defineModel, weightPath } from '@portico/server/model';
import { embedTexts } from './embed-texts.ts';
import { loadEncoder } from './encoder.ts';
import { runCost } from './run-cost.ts';
import { loadTokenizer } from './text-tokenizer.ts';
import { warmUpInput } from './warm-up-input.ts';

/** Embeds texts: a sentence encoder of BERT's kind, mean of the tokens, as sentence-transformers does it. */
export default defineModel(embed, {
  async load(context) {
    const tokenizerPath = weightPath(context.weights, 'tokenizer');
    const tokenizer = await loadTokenizer(tokenizerPath, context.weights['lengths']);
    const encode = await loadEncoder(context, weightPath(context.weights, 'network'));
    return { tokenizer, encode, cost: runCost(context.device) };
  },
  run: (inputs, { loaded, signal }) => embedTexts(inputs, { ...loaded, signal }),
  warmUp: warmUpInput,
});
