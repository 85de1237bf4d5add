import { z } from 'zod';
import { defineTask, type Output } from '../define/define-task.ts';
import { image } from '../define/media.ts';
import { Point } from '../geometry/point.ts';

const corners = z
  .array(Point)
  .length(4)
  .describe(
    'Corners in pixels of the upright original: top left, top right, bottom right, bottom left as the text is read.',
  );

/** One word of a line. */
export const OcrWord = z
  .object({
    text: z.string().describe('The word, without spaces. Text without spaces between its words is one word.'),
    confidence: z.number().min(0).max(1).describe('Mean probability of the characters, 0 to 1.'),
    polygon: corners,
  })
  .meta({ id: 'OcrWord' });

/** One line of text. */
export const OcrLine = z
  .object({
    text: z.string().describe('The text of the line.'),
    confidence: z.number().min(0).max(1).describe('Mean probability of the characters, 0 to 1.'),
    polygon: corners,
    words: z.array(OcrWord).optional().describe('The words of the line in order, where they were asked for.'),
  })
  .meta({ id: 'OcrLine' });

/** The text of an image. */
export const OcrResult = z
  .object({
    width: z.int().positive().describe('Width of the upright original in pixels.'),
    height: z.int().positive().describe('Height of the upright original in pixels.'),
    angle: z
      .number()
      .min(-180)
      .max(180)
      .describe('Degrees by which the page must be turned clockwise so that its text stands upright, -180 to 180.'),
    text: z
      .string()
      .describe(
        'All lines in reading order: a line break between lines, an empty line between paragraphs and columns.',
      ),
    lines: z.array(OcrLine),
  })
  .meta({ id: 'OcrResult' });

/** How to read the text; everything has a default. */
export const OcrParams = z.object({
  minConfidence: z.number().min(0).max(1).default(0.5).describe('Lines below this confidence are left out, 0 to 1.'),
  maxSideLength: z
    .int()
    .min(320)
    .max(4096)
    .default(1280)
    .describe(
      'Detection works on the image scaled so that its longer side is at most this many pixels, and 3 megapixels in all.',
    ),
  detectOrientation: z
    .boolean()
    .default(true)
    .describe(
      'Reads pages and lines that lie on their side or upside down too. Without it, text is taken to be upright.',
    ),
  words: z.boolean().default(false).describe('Adds to each line its words with their places.'),
  halfWidth: z
    .boolean()
    .default(false)
    .describe('Writes full-width letters, digits and punctuation in half width, as in "ＡＢＣ" to "ABC".'),
});

/** Read the text in an image: printed Chinese and English, line by line with confidence and position. */
export const ocr = defineTask({
  name: 'ocr',
  summary: 'Read the text in an image.',
  accepts: image(),
  params: OcrParams,
  output: OcrResult,
});

export type OcrResult = Output<typeof ocr>;
export type OcrLine = z.infer<typeof OcrLine>;
export type OcrWord = z.infer<typeof OcrWord>;
