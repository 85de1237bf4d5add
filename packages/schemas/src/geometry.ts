import { z } from 'zod';

/** A point in pixels of the upright original, from its top left corner. */
export const Point = z.object({ x: z.number(), y: z.number() }).meta({ id: 'Point' });
export type Point = z.infer<typeof Point>;

/** An upright rectangle in pixels of the upright original: its top left corner and its size. */
export const Box = z
  .object({
    x: z.number().describe('Left edge; below 0 where the box reaches beyond the picture.'),
    y: z.number().describe('Top edge; below 0 where the box reaches beyond the picture.'),
    width: z.number().nonnegative(),
    height: z.number().nonnegative(),
  })
  .meta({ id: 'Box' });
export type Box = z.infer<typeof Box>;
