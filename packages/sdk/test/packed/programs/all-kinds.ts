/* oxlint-disable typescript/no-unnecessary-type-parameters -- as the comparison of types needs them */
import { readFile } from 'node:fs/promises';
import { bytes, dataUrl, defineTask, file, form, image, json, png, PngDataUrl } from '@portico/schemas';
import { type BatchResult, createPortico, type FileInput, isPorticoError, type TaskOutput } from '@portico/sdk';
import { z } from 'zod';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const assertType = <_Holds extends true>(): void => {};

const Compared = z.object({ mediaType: z.string() });
/** A contract with a task of every kind; the server has tasks of these names, whose outputs have more fields. */
const tasks = {
  copy: defineTask({
    name: 'copy',
    summary: 'Give a file back.',
    accepts: file({ mediaTypes: ['video/*', 'text/plain', 'application/pdf'] }),
    params: z.object({ times: z.int().default(1) }),
    output: z.object({ mediaType: z.string(), byteLength: z.int(), copy: dataUrl('application/octet-stream') }),
    produces: bytes('copy', 'application/octet-stream'),
  }),
  compare: defineTask({
    name: 'compare',
    summary: 'Compare a picture with any other file.',
    accepts: form({ left: image(), right: file() }),
    params: z.object({ note: z.string().default('') }),
    output: z.object({ same: z.boolean(), left: Compared, right: Compared, note: z.string() }),
    item: Compared,
  }),
  say: defineTask({
    name: 'say',
    summary: 'Hum once for each letter.',
    accepts: json(z.object({ text: z.string() })),
    params: z.object({ pitch: z.number().default(440) }),
    output: z.object({ seconds: z.number(), speech: dataUrl('audio/wav') }),
    produces: bytes('speech', 'audio/wav'),
  }),
  segment: defineTask({
    name: 'segment',
    summary: 'Cut people out.',
    accepts: image(),
    params: z.object({ output: z.enum(['mask', 'cutout']).default('mask') }),
    output: z.object({ image: PngDataUrl }),
    produces: png('image'),
  }),
};

const [, , url = '', key = '', samples = ''] = process.argv;
const portico = createPortico({ url, tasks, apiKey: key });
const portrait = `${samples}/astronaut.png`;
const text = new TextEncoder().encode('hello');

interface Pair {
  left: FileInput;
  right: FileInput;
}
interface Copy {
  mediaType: string;
  byteLength: number;
  copy: string;
}
type Compare = TaskOutput<'compare', typeof tasks>;

assertType<Equal<Parameters<typeof portico.copy>[0], FileInput>>();
assertType<Equal<Awaited<ReturnType<typeof portico.copy>>, Copy>>();
assertType<Equal<Awaited<ReturnType<typeof portico.copy.batch>>, BatchResult<Copy>[]>>();
assertType<Equal<Parameters<typeof portico.compare>[0], Pair>>();
assertType<Equal<Parameters<typeof portico.compare.batch>[0], Iterable<Pair>>>();
assertType<Equal<Parameters<typeof portico.compare.stream>[0], Pair>>();
assertType<Equal<ReturnType<typeof portico.compare.stream>, AsyncGenerator<{ mediaType: string }, Compare, void>>>();
assertType<Equal<Parameters<typeof portico.say.blob>[0], { text: string }>>();
assertType<Equal<ReturnType<typeof portico.say.blob>, Promise<Blob>>>();
assertType<Equal<Parameters<typeof portico.segment.image>, Parameters<typeof portico.segment.blob>>>();

/** Never called: what must not compile. */
export const mistakes = (): unknown[] => [
  // @ts-expect-error a file is missing
  portico.compare({ left: portrait }),
  // @ts-expect-error no such file
  portico.compare({ left: portrait, right: portrait, middle: portrait }),
  // @ts-expect-error several files, not one
  portico.compare(portrait),
  // @ts-expect-error a list is not a file
  portico.compare({ left: portrait, right: [portrait] }),
  // @ts-expect-error no such parameter
  portico.compare({ left: portrait, right: portrait }, { notes: '' }),
  // @ts-expect-error several files, not one, in a batch too
  portico.compare.batch([portrait]),
  // @ts-expect-error a task that produces no bytes
  portico.compare.blob,
  // @ts-expect-error a recording is no picture
  portico.say.image,
  // @ts-expect-error another input
  portico.say.blob({ texts: 'hello' }),
];

const codeOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'there was no error',
    (error: unknown) => (isPorticoError(error) ? error.code : String(error)),
  );

const copied = await portico.copy({ data: text, name: 'hello.txt' });
const copies = await portico.copy.batch([text, portrait]);
const copy = await portico.copy.blob(text, { times: 2 });
const compared = await portico.compare({ left: portrait, right: text }, { note: 'a note' });
const same = await portico.compare({ left: portrait, right: await readFile(portrait) });
const items: string[] = [];
for await (const { mediaType } of portico.compare.stream({ left: portrait, right: portrait })) items.push(mediaType);
const pairs = await portico.compare.batch([
  { left: portrait, right: portrait },
  { left: portrait, right: text },
  { left: portrait, right: 'no such file' },
]);
const said = await portico.say({ text: 'hm' });
const wav = await portico.say.blob({ text: 'hm' }, { pitch: 220 });
const pictures = [await portico.segment.image(portrait), await portico.segment.blob(portrait, { output: 'cutout' })];

const report = {
  copy: [copied.mediaType, copied.byteLength],
  copyBatch: copies.map((result) => (result.ok ? result.value.byteLength : result.error.code)),
  copyBlob: [copy.type, await copy.text()],
  compare: [compared.same, compared.left.mediaType, compared.right.mediaType, compared.note],
  compareSame: same.same,
  compareStream: items,
  compareBatch: pairs.map((result) => (result.ok ? result.value.same : result.error.code)),
  say: said.speech.slice(0, 'data:audio/wav;base64,'.length),
  sayBlob: [wav.type, await wav.slice(0, 4).text()],
  cutOut: pictures.map(({ type }) => type),
  missing: await codeOf(portico.compare({ left: portrait } as Pair)),
  wrong: await codeOf(portico.compare({ left: text, right: text })),
};
process.stdout.write(JSON.stringify(report));
