import { z } from 'zod';

/** A point in pixels of the upright original, from its top left corner. */
export const Point = z.object({ x: z.number(), y: z.number() }).meta({ id: 'Point' });

export type Point = z.infer<typeof Point>;
