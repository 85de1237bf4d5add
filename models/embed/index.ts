import { embed } from '@portico/schemas';
import { defineModel, weightPath } from '@portico/server/model';
import { embedTexts } from './embed-texts.ts';
import { loadEncoder } from './encoder.ts';
import { runCost } from './packing.ts';
import { embedSettings } from './settings.ts';
import { loadTokenizer } from './tokenizer.ts';
import { warmUpInput } from './warm-up-input.ts';

/** Embeds texts: a sentence encoder of BERT's kind, mean of the tokens, as sentence-transformers does it. */
export default defineModel(embed, embedSettings, {
  async load(context) {
    const tokenizerPath = weightPath(context.weights, 'tokenizer');
    const tokenizer = await loadTokenizer(tokenizerPath, context.weights['lengths']);
    const encode = await loadEncoder(context, weightPath(context.weights, 'network'));
    const cost = runCost(context.device);
    return { run: (inputs, { signal }) => embedTexts(inputs, { tokenizer, encode, cost, signal }) };
  },
  warmUp: warmUpInput,
});
