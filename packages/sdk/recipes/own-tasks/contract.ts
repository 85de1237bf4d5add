import { bytes, dataUrl, defineTask, file, form, image, json, png, PngDataUrl } from '@portico/schemas';
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
  /** Compare a picture with any other file. */
  compare: defineTask({
    name: 'compare',
    summary: 'Compare a picture with any other file.',
    accepts: form({ left: image(), right: file() }),
    params: z.object({}),
    output: z.object({ same: z.boolean() }),
  }),
  /** Hum once for each letter. */
  say: defineTask({
    name: 'say',
    summary: 'Hum once for each letter.',
    accepts: json(z.object({ text: z.string().min(1) })),
    params: z.object({ pitch: z.number().min(20).max(2_000).default(440).describe('Hertz.') }),
    output: z.object({ seconds: z.number(), speech: dataUrl('audio/wav') }),
    produces: bytes('speech', 'audio/wav'),
  }),
};
