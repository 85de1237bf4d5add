import { embed } from '@portico/schemas';
import { configuredFile, registerModel } from '@portico/server';

/** Where it is not there, the tokenizer's own file says how long a text may be. */
const lengths = configuredFile('EMBED_WEIGHTS', 'sentence_bert_config.json', { optional: true });

/** A sentence encoder of BERT's kind, such as all-MiniLM-L6-v2; the operator of the server provides it. */
export const embedModel = registerModel({
  task: embed,
  implementation: new URL('./model.js', import.meta.url),
  example: { input: { texts: ['A sentence to embed.'] } },
  variants: {
    /** The files beside each other. */
    plain: {
      weights: {
        network: configuredFile('EMBED_WEIGHTS', 'model.onnx'),
        tokenizer: configuredFile('EMBED_WEIGHTS', 'tokenizer.json'),
        lengths,
      },
    },
    /** As sentence-transformers' models lie on Hugging Face. */
    hub: {
      weights: {
        network: configuredFile('EMBED_WEIGHTS', 'onnx/model.onnx'),
        tokenizer: configuredFile('EMBED_WEIGHTS', 'tokenizer.json'),
        lengths,
      },
    },
  },
  /** A sentence of a dozen tokens takes a core 2.9 ms alone and 2.2, 2.1 and 2.0 ms in batches of 4, 8 and 16 (MiniLM). */
  maxBatchSize: 16,
  /** Some 300 tokens, 55 ms of a core: larger batches gain nothing, and a larger input runs alone, so that no short one waits in its run. */
  maxBatchBytes: 1_536,
  /** With MiniLM, whose file has 90 MB of it. */
  memoryMegabytes: 300,
});
