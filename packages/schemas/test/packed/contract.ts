/* oxlint-disable typescript/no-unnecessary-type-parameters -- as the comparison of types needs them */
import {
  audio,
  bytes,
  dataUrl,
  defineTask,
  type ErrorCode,
  Failure,
  file,
  type FileValue,
  form,
  image,
  type Input,
  type Item,
  json,
  type Output,
  type Params,
  type ParamsInput,
  png,
  PngDataUrl,
  tasks as bundled,
} from '@portico/schemas';
import { z } from 'zod';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const assertType = <_Holds extends true>(): void => {};

export const barcodes = defineTask({
  name: 'barcodes',
  summary: 'Read the barcodes in an image.',
  accepts: image(),
  params: z.object({ most: z.int().min(1).default(10) }),
  output: z.object({ image: PngDataUrl, codes: z.array(z.string()) }),
  produces: png('image'),
});

export const speakers = defineTask({
  name: 'speakers',
  summary: 'Say who speaks when.',
  accepts: audio(),
  params: z.object({}),
  output: z.object({ speakers: z.number() }),
  item: z.object({ start: z.number(), speaker: z.string() }),
});

export const translate = defineTask({
  name: 'translate',
  summary: 'Translate a text.',
  accepts: json(z.object({ text: z.string() })),
  params: z.object({ to: z.enum(['en', 'zh']).optional() }),
  output: z.object({ text: z.string() }),
});

export const dub = defineTask({
  name: 'dub',
  summary: 'Speak over a video.',
  accepts: form({ video: file({ mediaTypes: ['video/*'] }), voice: audio() }),
  params: z.object({ loud: z.boolean().default(false) }),
  output: z.object({ speech: dataUrl('audio/wav') }),
  produces: bytes('speech', 'audio/wav'),
});

/** Next to a task of the package's own, which has to be of the same Zod. */
export const tasks = { barcodes, speakers, translate, ocr: bundled.ocr };

assertType<Equal<ParamsInput<typeof barcodes>, { most?: number | undefined }>>();
assertType<Equal<Params<typeof barcodes>, { most: number }>>();
assertType<Equal<Output<typeof barcodes>, { image: string; codes: string[] }>>();
assertType<Equal<Item<typeof speakers>, { start: number; speaker: string }>>();
assertType<Equal<Item<typeof barcodes>, never>>();
assertType<Equal<(typeof tasks)['translate']['accepts']['kind'], 'json'>>();
assertType<Equal<(typeof dub)['accepts']['kind'], 'form'>>();
assertType<Equal<keyof (typeof dub)['accepts']['parts'], 'video' | 'voice'>>();
assertType<Equal<(typeof dub)['accepts']['parts']['voice']['kind'], 'audio'>>();
assertType<Equal<(typeof dub)['produces']['mediaType'], 'audio/wav'>>();
assertType<Equal<Input<typeof dub>['files']['video'], FileValue>>();
assertType<Equal<Input<typeof barcodes>['file'], FileValue>>();
// @ts-expect-error a file that the form does not have
export const noDub: Input<typeof dub> = { files: { video: { data: new Uint8Array() } } };
assertType<Equal<Extract<ErrorCode, 'TIMEOUT'>, 'TIMEOUT'>>();
// @ts-expect-error the assertion can fail
assertType<Equal<Output<typeof translate>, unknown>>();

const print = (...values: unknown[]): boolean => process.stdout.write(`${values.join(' ')}\n`);

print(Object.values(tasks).map(({ name }) => name));
print(barcodes.params.parse({}).most, barcodes.params.safeParse({ mots: 1 }).success);
print(tasks.ocr.params.parse({}).minConfidence, tasks.ocr.output.safeParse({ text: 1 }).success);
print(dub.output.safeParse({ speech: 'data:audio/wav;base64,AAAA' }).success, dub.produces.field);
print(new Failure('TOO_LARGE', 'Too large.') instanceof Error);

try {
  // @ts-expect-error a contract without an output
  defineTask({ name: 'then', summary: 'Wait.', accepts: image(), params: z.object({}) });
} catch (error) {
  print(error instanceof TypeError && error.message);
}
