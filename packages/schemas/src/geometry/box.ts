import { z } from 'zod';

/** An upright rectangle in pixels of the upright original: its top left corner and its size. */
export const Box = z
  .object({
    x: z.number().describe('Left edge; below 0 where the box reaches over the edge of the picture.'),
    y: z.number().describe('Top edge; below 0 where the box reaches over the edge of the picture.'),
    width: z.number().nonnegative(),
    height: z.number().nonnegative(),
  })
  .meta({ id: 'Box' });

export type Box = z.infer<typeof Box>;
