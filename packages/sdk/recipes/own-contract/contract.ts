import { defineTask, image, json, png, PngDataUrl } from '@portico/schemas';
import { z } from 'zod';

export const myTasks = {
  /** Count up, one number after the other. */
  count: defineTask({
    name: 'count',
    summary: 'Count up, one number after the other.',
    accepts: json(z.object({ to: z.int().nonnegative().describe('How many numbers to count.') })),
    params: z.object({ start: z.int().default(1) }),
    output: z.object({ count: z.int() }),
    item: z.object({ number: z.int() }),
  }),
  /** Draw a grey square. */
  draw: defineTask({
    name: 'draw',
    summary: 'Draw a grey square.',
    accepts: image(),
    params: z.object({ side: z.int().min(1).default(2), shade: z.int().min(0).max(255).default(128) }),
    output: z.object({ side: z.int(), image: PngDataUrl }),
    produces: png('image'),
  }),
};
