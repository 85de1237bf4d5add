import { z } from 'zod';
import { defineTask, type Output } from '../define/define-task.ts';
import { image } from '../define/media.ts';

/** A point in pixels of the upright original, from its top left corner. */
export const Point = z.object({ x: z.number(), y: z.number() }).meta({ id: 'Point' });

/** One line of text. */
export const OcrLine = z
  .object({
    text: z.string().describe('The text of the line.'),
    confidence: z.number().min(0).max(1).describe('Mean probability of the characters, 0 to 1.'),
    polygon: z
      .array(Point)
      .length(4)
      .describe(
        'Corners in pixels of the upright original: top left, top right, bottom right, bottom left of the text.',
      ),
  })
  .meta({ id: 'OcrLine' });

/** The text of an image. */
export const OcrResult = z
  .object({
    width: z.int().positive().describe('Width of the upright original in pixels.'),
    height: z.int().positive().describe('Height of the upright original in pixels.'),
    text: z.string().describe('All lines in reading order, separated by line breaks.'),
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
    .describe('Detection works on the image scaled so that its longer side is at most this many pixels.'),
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
