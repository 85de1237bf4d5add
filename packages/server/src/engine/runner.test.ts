import { defineTask, image, png, PngDataUrl } from '@portico/schemas';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { modelRunner } from './runner.ts';

const task = defineTask({
  name: 'draw',
  summary: 'Draw.',
  accepts: image(),
  params: z.object({}),
  output: z.object({ width: z.number(), image: PngDataUrl }),
  produces: png('image'),
});
const picture = Buffer.from([137, 80, 78, 71]);
const output = { width: 1, image: `data:image/png;base64,${picture.toString('base64')}` };
const drawing = { task, run: async () => [output] };
const context = { signal: new AbortController().signal, emit: () => {} };

/** What a client gets who wants it in this form. */
async function answered(outputAs?: 'picture'): Promise<Buffer> {
  const input = { id: 1, mediaType: 'image/png', params: {}, bytes: picture, outputAs };
  const [answer] = await modelRunner(drawing, undefined).run([input], context);
  if (!(answer instanceof Uint8Array)) throw answer;
  return Buffer.from(answer);
}

it('the output is JSON as a rule', async () => {
  expect(JSON.parse((await answered()).toString())).toEqual(output);
});

it('a client who wants the picture alone gets its bytes', async () => {
  expect(await answered('picture')).toEqual(picture);
});
