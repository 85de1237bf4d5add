import { defineTask, image, type Output } from '@portico/schemas';
import { z } from 'zod';

/** How the picture was made. */
export const DigitsParams = z.object({
  invert: z.boolean().default(false).describe('The digit is dark on a light ground, as ink on paper.'),
});

/** The digit in a picture. */
export const DigitsResult = z
  .object({
    digit: z.int().min(0).max(9),
    confidence: z.number().min(0).max(1).describe('Probability of the digit, 0 to 1.'),
  })
  .meta({ id: 'DigitsResult', examples: [{ digit: 4, confidence: 0.98 }] });

/** Read one handwritten digit. */
export const digitsTask = defineTask({
  name: 'digits', // POST /digits, trpc.digits.infer, portico.digits()
  summary: 'Read one handwritten digit.',
  accepts: image(),
  params: DigitsParams,
  output: DigitsResult,
});

export type DigitsResult = Output<typeof digitsTask>;
