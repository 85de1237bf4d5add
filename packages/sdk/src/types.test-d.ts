import { audio, bytes, dataUrl, defineTask, file, form, image, json, png, PngDataUrl } from '@portico/schemas';
import { z } from 'zod';
import { assertType, type Equal } from '../test/equal.ts';
import type { ErrorCode, GpuStatus, ModelList, ReadyStatus, TaskContracts } from './contract.ts';
import { bundledTasks } from './bundled-tasks.ts';
import { createPortico } from './create-portico.ts';
import { isPorticoError, type PorticoError, type PorticoErrorCode } from './errors/portico-error.ts';
import type { FileInput } from './files/file-input.ts';
import type { BatchOptions, CallOptions, UploadOptions } from './options.ts';
import type { Portico, TasksOption } from './portico.ts';
import type { GivenTasks, TaskContract } from './tasks/contracts.ts';
import type { BatchResult, TaskItem, TaskOutput, TaskParams } from './tasks/method-types.ts';

const portico = createPortico({ url: 'http://localhost:8000' });
assertType<Equal<typeof portico, Portico>>();

/** A file task takes a file, a JSON task its own input. */
type Arguments<Method extends (...of: never[]) => unknown> = Required<Parameters<Method>>;
assertType<Equal<Arguments<typeof portico.ocr>, [FileInput, TaskParams<'ocr'>, UploadOptions]>>();
assertType<Equal<ReturnType<typeof portico.ocr>, Promise<TaskOutput<'ocr'>>>>();
assertType<Equal<Arguments<typeof portico.embed>, [{ texts: string[] }, TaskParams<'embed'>, CallOptions]>>();
assertType<Equal<Arguments<typeof portico.ocr.batch>, [Iterable<FileInput>, TaskParams<'ocr'>, BatchOptions]>>();
assertType<Equal<ReturnType<typeof portico.ocr.batch>, Promise<BatchResult<TaskOutput<'ocr'>>[]>>>();
assertType<Equal<ReturnType<typeof portico.vad.stream>, AsyncGenerator<TaskItem<'vad'>, TaskOutput<'vad'>, void>>>();
assertType<Equal<ReturnType<typeof portico.segment.image>, Promise<Blob>>>();
assertType<Equal<ReturnType<typeof portico.ready>, Promise<ReadyStatus>>>();
assertType<Equal<ReturnType<typeof portico.models>, Promise<ModelList>>>();
assertType<Equal<ReturnType<typeof portico.gpu>, Promise<GpuStatus>>>();

void portico.ocr(new Blob(), {});
void portico.ocr(new File([], 'a'), { minConfidence: 0.5 });
void portico.ocr(Buffer.alloc(1), undefined, { timeoutMs: 1 });
void portico.ocr(new ArrayBuffer(1), {}, { signal: AbortSignal.timeout(1) });
void portico.ocr({ data: new Uint8Array(1), mediaType: 'image/png', name: 'a.png' });
void portico.ocr('photo.jpg');
void portico.ocr(new URL('file:///photo.jpg'));
void portico.ocr(new Blob().stream());
void portico.ocr(process.stdin);
// @ts-expect-error numbers are no file
void portico.ocr([1, 2, 3]);
// @ts-expect-error an object around something else is no file
void portico.ocr({ data: 7 });
// @ts-expect-error no such parameter
void portico.ocr(new Blob(), { minConfidance: 0.5 });
// @ts-expect-error a parameter of another type
void portico.ocr(new Blob(), { minConfidence: '0.5' });
// @ts-expect-error no such task
void portico.orc;
// @ts-expect-error a task that does not stream
void portico.ocr.stream;
// @ts-expect-error a task that makes no picture
void portico.vad.image;
// @ts-expect-error nothing is uploaded
void portico.embed({ texts: [] }, {}, { onUploadProgress: () => {} });

/** A contract of one's own. */
const cutOut = z.object({ image: PngDataUrl });
const myTasks = {
  /** How a person feels. */
  mood: defineTask({
    name: 'mood',
    summary: 'Detect the mood of a text.',
    accepts: json(z.string()),
    params: z.object({ language: z.enum(['en', 'zh']).default('en') }),
    output: z.object({ mood: z.string(), since: z.string() }),
  }),
  notes: defineTask({
    name: 'notes',
    summary: 'Write the notes of a tune.',
    accepts: audio(),
    params: z.object({}),
    output: z.object({ count: z.int() }),
    item: z.object({ pitch: z.string() }),
  }),
  cut: defineTask({
    name: 'cut',
    summary: 'Cut something out.',
    accepts: image(),
    params: z.object({ what: z.string().default('it') }),
    output: cutOut,
    produces: png('image'),
  }),
  trim: defineTask({
    name: 'trim',
    summary: 'Trim a video.',
    accepts: file({ mediaTypes: ['video/*'] }),
    params: z.object({}),
    output: z.object({ seconds: z.number(), video: dataUrl('video/mp4') }),
    produces: bytes('video', 'video/mp4'),
  }),
  compare: defineTask({
    name: 'compare',
    summary: 'Compare a picture with a file.',
    accepts: form({ left: image(), right: file() }),
    params: z.object({ metric: z.string().default('cosine') }),
    output: z.object({ distance: z.number(), difference: PngDataUrl }),
    item: z.object({ row: z.int() }),
    produces: png('difference'),
  }),
  speak: defineTask({
    name: 'speak',
    summary: 'Read a text aloud.',
    accepts: json(z.object({ text: z.string() })),
    params: z.object({ speed: z.number().default(1) }),
    output: z.object({ speech: dataUrl('audio/wav') }),
    produces: bytes('speech', 'audio/wav'),
  }),
};
const url = 'http://localhost:8000';
const kinds = { mood: 'json', notes: 'audio', cut: 'image', trim: 'file', compare: 'form', speak: 'json' } as const;
const mine = createPortico<typeof myTasks>({ url, tasks: kinds });
assertType<Equal<typeof mine, Portico<typeof myTasks>>>();
assertType<Equal<Arguments<typeof mine.mood>, [string, { language?: 'en' | 'zh' | undefined }, CallOptions]>>();
assertType<Equal<ReturnType<typeof mine.mood>, Promise<{ mood: string; since: string }>>>();
assertType<Equal<ReturnType<typeof mine.notes.stream>, AsyncGenerator<{ pitch: string }, { count: number }, void>>>();
assertType<Equal<Parameters<typeof mine.cut.image>[1], { what?: string | undefined } | undefined>>();
assertType<Equal<ReturnType<typeof mine.models>, Promise<ModelList>>>();
assertType<Equal<TaskOutput<'mood', typeof myTasks>, { mood: string; since: string }>>();
assertType<Equal<TaskItem<'notes', typeof myTasks>, { pitch: string }>>();
/** Any file, several files and bytes of any kind. */
interface Pair {
  left: FileInput;
  right: FileInput;
}
interface Metric {
  metric?: string | undefined;
}
assertType<Equal<Arguments<typeof mine.trim>, [FileInput, Record<string, never>, UploadOptions]>>();
assertType<Equal<Arguments<typeof mine.trim.blob>, [FileInput, Record<string, never>, UploadOptions]>>();
assertType<Equal<ReturnType<typeof mine.trim.blob>, Promise<Blob>>>();
assertType<Equal<Arguments<typeof mine.compare>, [Pair, Metric, UploadOptions]>>();
assertType<Equal<Arguments<typeof mine.compare.batch>, [Iterable<Pair>, Metric, BatchOptions]>>();
assertType<Equal<Arguments<typeof mine.compare.stream>, [Pair, Metric, CallOptions]>>();
assertType<Equal<Arguments<typeof mine.compare.blob>, [Pair, Metric, UploadOptions]>>();
assertType<Equal<Arguments<typeof mine.compare.image>, [Pair, Metric, UploadOptions]>>();
assertType<Equal<Arguments<typeof mine.speak.blob>, [{ text: string }, { speed?: number | undefined }, CallOptions]>>();
assertType<Equal<Arguments<typeof mine.cut.blob>, Arguments<typeof mine.cut.image>>>();
assertType<Equal<ReturnType<typeof portico.segment.blob>, Promise<Blob>>>();
void mine.compare({ left: 'one.png', right: { data: new Uint8Array(1), name: 'two.bin' } });
void mine.compare.batch([{ left: new Blob(), right: process.stdin }]);
// @ts-expect-error a file is missing
void mine.compare({ left: 'one.png' });
// @ts-expect-error no such file
void mine.compare({ left: 'one.png', right: 'two.png', middle: 'three.png' });
// @ts-expect-error one file is not several
void mine.compare('one.png');
// @ts-expect-error a number is no file
void mine.compare({ left: 'one.png', right: 7 });
// @ts-expect-error a recording is no picture
void mine.speak.image;
// @ts-expect-error a task that produces no bytes
void portico.ocr.blob;
// @ts-expect-error a task of another contract
assertType<Equal<TaskOutput<'ocr', typeof myTasks>, unknown>>();
// @ts-expect-error a task of another contract
void mine.ocr;
// @ts-expect-error the input is a text
void mine.mood(7);
// @ts-expect-error a client that is not of the bundled tasks is told what its tasks take
void createPortico<typeof myTasks>({ url });
// @ts-expect-error a task is missing
void createPortico<Pick<typeof myTasks, 'mood' | 'cut'>>({ url, tasks: { mood: 'json' } });
// @ts-expect-error the kind of another task
void createPortico<Pick<typeof myTasks, 'cut'>>({ url, tasks: { cut: 'audio' } });
// @ts-expect-error no such task
void createPortico<Pick<typeof myTasks, 'cut'>>({ url, tasks: { cut: 'image', shred: 'image' } });
// @ts-expect-error no such kind
void createPortico({ url, tasks: { cut: 'picture' } });
// @ts-expect-error a text for a task of JSON would be taken for a path, if the client did not know
void createPortico<typeof myTasks>({ url, tasks: ['mood'] });
// @ts-expect-error no such option
void createPortico({ baseUrl: url });
// @ts-expect-error no such option of a call
void portico.models({ timeout: 3 });

/** What the compiler names, for a mistake in the options of a client that is given no types. */
assertType<Equal<TasksOption<never>, { readonly tasks: GivenTasks }>>();
/** The contract itself says everything. */
const whole = createPortico({ url, tasks: myTasks });
assertType<Equal<typeof whole, Portico<typeof myTasks>>>();
/** The bundled tasks beside others; a list of some. */
interface Both extends TaskContracts {
  count: TaskContract & { accepts: 'json'; input: { to: number }; params: object; output: { count: number } };
}
const both = createPortico<Both>({ url, tasks: { ...bundledTasks, count: 'json' } });
assertType<Equal<Parameters<typeof both.count>[0], { to: number }>>();
assertType<Equal<Arguments<typeof both.ocr>, Arguments<typeof portico.ocr>>>();
assertType<Equal<typeof listed, Portico<typeof myTasks>>>();
const listed = createPortico<typeof myTasks>({ url, tasks: ['notes', 'cut', 'compare', 'speak'] });
const bundled = createPortico<TaskContracts>({ url });
assertType<Equal<typeof bundled, Portico>>();

/** Names only: what goes in and comes out is not typed. */
const named = createPortico({ url, tasks: ['digits'] });
type Anything = Readonly<Record<string, unknown>>;
assertType<Equal<Arguments<typeof named.digits>, [unknown, Anything, UploadOptions]>>();
assertType<Equal<ReturnType<typeof named.digits>, Promise<unknown>>>();
assertType<Equal<ReturnType<typeof named.digits.stream>, AsyncGenerator<unknown, unknown, void>>>();
void named.digits.image('photo.png');
void named.digits.blob(new Blob(), { side: 64 });
// @ts-expect-error another name
void named.letters;
/** Kinds only: what goes in is known as far as they say. */
const sorted = createPortico({ url, tasks: { digits: 'image', pair: 'form', count: 'json' } });
assertType<Equal<Arguments<typeof sorted.digits>, [FileInput, Anything, UploadOptions]>>();
assertType<Equal<Arguments<typeof sorted.pair>[0], Readonly<Record<string, FileInput>>>>();
// @ts-expect-error a number is no file
void sorted.digits(7);

assertType<Equal<PorticoErrorCode, ErrorCode | 'NETWORK' | 'ABORTED' | 'TIMEOUT'>>();
const error: unknown = undefined;
if (isPorticoError(error, 'OVERLOADED')) assertType<Equal<typeof error.code, 'OVERLOADED'>>();
if (isPorticoError(error)) assertType<Equal<typeof error.code, PorticoErrorCode>>();
// @ts-expect-error no such code
isPorticoError(error, 'OVERLOAD');

const [result] = await portico.ocr.batch([new Blob()]);
if (result?.ok === true) assertType<Equal<typeof result.value, TaskOutput<'ocr'>>>();
if (result?.ok === false) assertType<Equal<typeof result.error, PorticoError>>();
