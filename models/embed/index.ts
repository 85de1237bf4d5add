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
  /**
   * A sentence of a dozen tokens takes a core 6.5 ms alone, 4.1 among four, 3.7 among eight and 3.5 among sixteen (MiniLM), and
   * eight of the largest requests still end in a quarter of the usual deadline.
   */
  maxBatchSize: 8,
  /** With MiniLM, whose file has 90 MB of it. */
  memoryMegabytes: 300,
});
