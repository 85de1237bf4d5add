/* oxlint-disable typescript/no-unnecessary-type-parameters -- as the comparison of types needs them */
import { audio, defineTask, image, json, png, PngDataUrl } from '@portico/schemas';
import { createPortico } from '@portico/sdk';
import { z } from 'zod';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const assertType = <_Holds extends true>(): void => {};

/** A contract of the consumer's own; the server has tasks of these names, whose outputs have more fields. */
const tasks = {
  faces: defineTask({
    name: 'faces',
    summary: 'Count the faces in an image.',
    accepts: image(),
    params: z.object({ maxFaces: z.int().default(5) }),
    output: z.object({ faces: z.array(z.object({ confidence: z.number() })) }),
  }),
  vad: defineTask({
    name: 'vad',
    summary: 'Find when speech starts.',
    accepts: audio(),
    params: z.object({}),
    output: z.object({ durationSeconds: z.number() }),
    item: z.object({ start: z.number() }),
  }),
  segment: defineTask({
    name: 'segment',
    summary: 'Cut people out.',
    accepts: image(),
    params: z.object({ output: z.enum(['mask', 'cutout']).default('mask') }),
    output: z.object({ image: PngDataUrl }),
    produces: png('image'),
  }),
  embed: defineTask({
    name: 'embed',
    summary: 'Embed texts.',
    accepts: json(z.object({ texts: z.array(z.string()) })),
    params: z.object({}),
    output: z.object({ dimensions: z.int() }),
  }),
};

const [, , url = '', key = '', samples = ''] = process.argv;
const portico = createPortico<typeof tasks>({
  url,
  tasks: { faces: 'image', vad: 'audio', segment: 'image', embed: 'json' },
  headers: { authorization: `Bearer ${key}` },
});
const portrait = `${samples}/astronaut.png`;

/** Never called: what must not compile. */
export const mistakes = (): unknown[] => [
  // @ts-expect-error a task of another contract
  portico.ocr,
  // @ts-expect-error no such parameter
  portico.faces(portrait, { minConfidence: 0.5 }),
  // @ts-expect-error another input
  portico.embed({ text: 'hello' }),
  // @ts-expect-error a task that does not stream
  portico.faces.stream,
];

const found = await portico.faces(portrait, { maxFaces: 1 });
assertType<Equal<typeof found, { faces: { confidence: number }[] }>>();
const embedded = await portico.embed({ texts: ['hello'] });
assertType<Equal<typeof embedded, { dimensions: number }>>();
const picture = await portico.segment.image(portrait, { output: 'cutout' });
assertType<Equal<typeof picture, Blob>>();
const starts = [];
for await (const item of portico.vad.stream(`${samples}/speech.flac`)) {
  assertType<Equal<typeof item, { start: number }>>();
  starts.push(item.start);
}
const named = createPortico({ url, tasks: ['faces', 'embed'], apiKey: key });
const untyped = await named.faces(portrait);
assertType<Equal<typeof untyped, unknown>>();

const report = {
  faces: found.faces.length,
  embed: embedded.dimensions,
  image: picture.type,
  starts,
  untyped: [untyped, await named.embed({ texts: ['hello'] })].map((output) => typeof output),
};
process.stdout.write(JSON.stringify(report));
