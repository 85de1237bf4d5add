import { z } from 'zod';
import { defineTask, type Output } from '../define-task.ts';
import { firstPageWarning, image, PngDataUrl, png } from '../media.ts';

const result = z
  .object({
    width: z.int().positive().describe('Width of the upright original, and of the picture, in pixels.'),
    height: z.int().positive().describe('Height of the upright original, and of the picture, in pixels.'),
    image: PngDataUrl,
  })
  .meta({ id: 'SegmentResult' });

/** Which picture to produce; every parameter has a default. */
export const SegmentParams = z.object({
  output: z
    .enum(['mask', 'cutout'])
    .default('mask')
    .describe(
      'mask: a greyscale picture, white where people are. cutout: the people in colour on a transparent background.',
    ),
});

/** Cut the people out of an image: as a mask, or on a transparent background. */
export const segment = defineTask({
  name: 'segment',
  summary: 'Cut the people out of an image.',
  accepts: image(),
  params: SegmentParams,
  output: result,
  produces: png('image'),
  warnings: firstPageWarning,
});

/** The people in an image, as a picture of the original's size. */
export const SegmentResult = segment.output;

export type SegmentResult = Output<typeof segment>;
