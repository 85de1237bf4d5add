import { z } from 'zod';
import { defineTask, type Output } from '../define/define-task.ts';
import { json } from '../define/media.ts';

const mostTexts = 256;
const mostCharacters = 8_192;
/** A text is read to its model's longest only, but all of it is split into tokens; that takes time too. */
const mostCharactersTogether = 262_144;

/** Texts to embed. */
export const EmbedInput = z
  .strictObject({
    texts: z
      .array(z.string().max(mostCharacters).describe(`At most ${mostCharacters} characters.`))
      .min(1)
      .max(mostTexts)
      .refine(
        (texts) => texts.reduce((sum, text) => sum + text.length, 0) <= mostCharactersTogether,
        `Too much text: expected at most ${mostCharactersTogether} characters together`,
      )
      .describe(`1 to ${mostTexts} texts of at most ${mostCharactersTogether} characters together.`),
  })
  .meta({ id: 'EmbedInput' });

/** How to embed; everything has a default. */
export const EmbedParams = z.object({
  normalize: z
    .boolean()
    .default(true)
    .describe('Scales each embedding to length 1, so that the dot product of two is their cosine similarity.'),
  truncate: z
    .boolean()
    .default(true)
    .describe('Embeds the beginning of a text that is too long for the model. Without it, such a text is refused.'),
});

/** An embedding for each text. */
export const EmbedResult = z
  .object({
    dimensions: z.int().positive().describe('Numbers in each embedding.'),
    embeddings: z.array(z.array(z.number())).describe('One for each text, in the order of the texts.'),
  })
  .meta({ id: 'EmbedResult' });

/** Turn texts into vectors: the closer two texts are in meaning, the closer their embeddings. */
export const embed = defineTask({
  name: 'embed',
  summary: 'Turn texts into vectors that are close where the texts mean the same.',
  accepts: json(EmbedInput),
  params: EmbedParams,
  output: EmbedResult,
});

export type EmbedResult = Output<typeof embed>;
export type EmbedParams = z.output<typeof EmbedParams>;
