import { z } from 'zod';
import { defineTask, type Output } from '../define-task.ts';
import { list } from '../list.ts';
import { json } from '../media.ts';

const maxTexts = 256;
const maxCharacters = 8_192;
/** A model reads a text up to its own limit only, but all of it is split into tokens, which takes time too. */
const maxTotalCharacters = 262_144;

/** Texts to embed. */
export const EmbedInput = z
  .strictObject({
    texts: list(z.string().max(maxCharacters).describe(`At most ${maxCharacters} characters.`), {
      min: 1,
      max: maxTexts,
    })
      .refine(
        (texts) => texts.reduce((sum, text) => sum + text.length, 0) <= maxTotalCharacters,
        `Too much text: expected at most ${maxTotalCharacters} characters in total`,
      )
      .describe(`1 to ${maxTexts} texts of at most ${maxTotalCharacters} characters in total.`),
  })
  .meta({ id: 'EmbedInput' });

/** How to embed; every parameter has a default. */
export const EmbedParams = z.object({
  normalize: z
    .boolean()
    .default(true)
    .describe('Scales each embedding to length 1, so that the dot product of two is their cosine similarity.'),
  truncate: z
    .boolean()
    .default(true)
    .describe('Embeds the beginning of a text that is too long for the model. If false, such a text is rejected.'),
});

const result = z
  .object({
    dimensions: z.int().positive().describe('Length of each embedding.'),
    embeddings: z.array(z.array(z.number())).describe('One per text, in the order of the texts.'),
  })
  .meta({ id: 'EmbedResult', examples: [{ dimensions: 3, embeddings: [[0.36, -0.48, 0.8]] }] });

/** Turn texts into vectors: the closer two texts are in meaning, the closer their embeddings. */
export const embed = defineTask({
  name: 'embed',
  summary: 'Turn texts into vectors that are close where the texts mean the same.',
  accepts: json(EmbedInput),
  params: EmbedParams,
  output: result,
  warnings: { truncated: 'A text was longer than the model reads: its end was left out.' },
});

/** An embedding for each text. */
export const EmbedResult = embed.output;

export type EmbedResult = Output<typeof embed>;
export type EmbedParams = z.output<typeof EmbedParams>;
