import { audio, bytes, dataUrl, defineTask, file, form, image, json, png, PngDataUrl } from '@portico/schemas';
import { z } from 'zod';

/** If a page takes any of these texts for markup, it runs the script, and `document.title` says so. */
export const hostile = `<img src=x onerror="document.title='taken over'">`;

/** A file in, JSON out. */
export const measure = defineTask({
  name: 'measure',
  summary: `Measure a picture. ${hostile}`,
  accepts: image(),
  params: z.object({
    unit: z.enum(['bytes', 'kilobytes', 'megabytes', 'bits', 'nibbles']).default('bytes').describe('What to count.'),
    label: z.string().max(100).default('picture').describe(`What to call it. ${hostile}`),
    tags: z.array(z.string()).default([]).describe('Any words.'),
    scale: z.number().min(0).max(10).default(1).describe('Multiplies the size.'),
    fail: z.boolean().default(false).describe('Rejects the input.'),
  }),
  output: z.object({ label: z.string(), size: z.number(), mediaType: z.string(), tags: z.array(z.string()) }).loose(),
});

/** JSON in, JSON out, one item after the other. */
export const countdown = defineTask({
  name: 'countdown',
  summary: 'Count down to zero.',
  accepts: json(
    z.object({
      from: z.int().min(0).max(1_000_000).describe('The first number.'),
      pauseMs: z.int().min(0).max(1_000).default(0).describe('Milliseconds between two numbers.'),
    }),
  ),
  params: z.object({ word: z.string().default('lift-off').describe('The last word.') }),
  output: z.object({ count: z.int(), word: z.string() }),
  item: z.object({ number: z.int() }),
});

/** A file in, a picture out. */
export const square = defineTask({
  name: 'square',
  summary: 'Turn a recording into a picture of one pixel.',
  accepts: audio(),
  params: z.object({}),
  output: z.object({ side: z.int(), image: PngDataUrl }),
  produces: png('image'),
});

/** Any file in, JSON out. */
export const weigh = defineTask({
  name: 'weigh',
  summary: 'Say what kind of file it is and how large.',
  accepts: file(),
  params: z.object({}),
  output: z.object({ size: z.int(), mediaType: z.string() }),
});

/** Several files in, JSON out, an item for each. */
export const compare = defineTask({
  name: 'compare',
  summary: `Say which of two files is larger. ${hostile}`,
  accepts: form({ left: image(), right: file({ mediaTypes: ['video/*', 'text/*', 'image/png'] }) }),
  params: z.object({ word: z.string().default('larger') }),
  output: z.object({ larger: z.enum(['left', 'right', 'neither']), word: z.string(), sizes: z.array(z.int()) }),
});

/** JSON in, a recording out. */
export const beep = defineTask({
  name: 'beep',
  summary: 'Beep.',
  accepts: json(z.object({ hertz: z.number().min(20).max(8_000).default(440).describe('The pitch.') })),
  params: z.object({ seconds: z.number().min(0.1).max(5).default(0.5) }),
  output: z.object({ seconds: z.number(), sound: dataUrl('audio/wav') }),
  produces: bytes('sound', 'audio/wav'),
  warnings: { shrill: 'Loudspeakers may not play so high a pitch.' },
});

/** Several files in, bytes out that no browser shows. */
export const join = defineTask({
  name: 'join',
  summary: 'Put two files into one.',
  accepts: form({ first: file(), second: file() }),
  params: z.object({}),
  output: z.object({ size: z.int(), joined: dataUrl('application/x-joined') }),
  produces: bytes('joined', 'application/x-joined'),
});
