import { z } from 'zod';
import { defineTask, type Output } from '../define-task.ts';
import { firstPageWarning, image } from '../media.ts';
import { Point } from '../geometry.ts';

const corners = z
  .array(Point)
  .length(4)
  .describe(
    'Corners in pixels of the upright original: top left, top right, bottom right and bottom left of the text as it is read.',
  );

/** One word of a line. */
export const OcrWord = z
  .object({
    text: z
      .string()
      .describe('The word, without spaces. In scripts without spaces between words, the whole text is one word.'),
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
    words: z.array(OcrWord).optional().describe('The words of the line in order, if `words` is true.'),
  })
  .meta({ id: 'OcrLine' });

const result = z
  .object({
    width: z.int().positive().describe('Width of the upright original in pixels.'),
    height: z.int().positive().describe('Height of the upright original in pixels.'),
    angle: z
      .number()
      .min(-180)
      .max(180)
      .describe('Degrees to turn the page clockwise so that its text is upright, -180 to 180.'),
    text: z
      .string()
      .describe(
        'All lines in reading order, with a line break between lines and an empty line between paragraphs and columns.',
      ),
    lines: z.array(OcrLine),
  })
  .meta({
    id: 'OcrResult',
    examples: [
      {
        width: 640,
        height: 120,
        angle: 0,
        text: 'Invoice 4711',
        lines: [
          {
            text: 'Invoice 4711',
            confidence: 0.98,
            polygon: [
              { x: 24, y: 32 },
              { x: 410, y: 32 },
              { x: 410, y: 84 },
              { x: 24, y: 84 },
            ],
          },
        ],
      },
    ],
  });

/** How to read the text; every parameter has a default. */
export const OcrParams = z.object({
  minConfidence: z.number().min(0).max(1).default(0.5).describe('Lines below this confidence are left out, 0 to 1.'),
  maxSideLength: z
    .int()
    .min(320)
    .max(4096)
    .default(1280)
    .describe(
      'For detection the image is scaled down until its longer side is at most this many pixels and it has at most 3 megapixels.',
    ),
  detectOrientation: z
    .boolean()
    .default(true)
    .describe(
      'Also reads pages and lines that lie on their side or upside down. If false, text is assumed to be upright.',
    ),
  words: z.boolean().default(false).describe('Adds the words of each line, with their positions.'),
  halfWidth: z
    .boolean()
    .default(false)
    .describe('Writes full-width letters, digits and punctuation in half width: "ＡＢＣ" becomes "ABC".'),
});

/** Read the text in an image: printed Chinese and English, line by line with confidence and position. */
export const ocr = defineTask({
  name: 'ocr',
  summary: 'Read the text in an image.',
  accepts: image(),
  params: OcrParams,
  output: result,
  warnings: {
    ...firstPageWarning,
    scaledDown:
      'The image was scaled down so far that small print may be missed. Raise maxSideLength, or send parts of it.',
  },
});

/** The text of an image. */
export const OcrResult = ocr.output;

export type OcrResult = Output<typeof ocr>;
export type OcrLine = z.infer<typeof OcrLine>;
export type OcrWord = z.infer<typeof OcrWord>;
