import { z } from 'zod';

/** One media type as RFC 6838 has it, in lower case and without parameters. */
const mediaTypePattern = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;
/** All types, or all that begin alike. */
const mediaRangePattern = /^(\*|[a-z0-9][a-z0-9!#$&^_.+-]{0,126})\/\*$/;
/** Media types of responses that any task may have. */
const responseTypes: ReadonlySet<string> = new Set(['application/json', 'text/event-stream']);
/** A part of a form is also a property of `files`. An object that has `data` is one file. */
const partNamePattern = /^(?!data$)[a-zA-Z][a-zA-Z0-9_]{0,31}$/;
const maxFormParts = 16;

/** The image types that every image task accepts; the first page or frame is read. Never SVG or PDF. */
export const imageMediaTypes = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/tiff',
  'image/gif',
  'image/avif',
] as const;

/** The warning of a task that gets the first page or frame only; `hasMorePages` of `@portico/media/image` says whether there are more. */
export const firstPageWarning = {
  firstPage: 'The file has several pages or frames: only the first was looked at.',
} as const;

/** The audio types that every audio task accepts, at any sample rate and channel count. */
export const audioMediaTypes = ['audio/wav', 'audio/mpeg', 'audio/flac', 'audio/ogg'] as const;

/** One file as the client sent it. */
export interface EncodedFile {
  readonly data: Uint8Array;
  /** As declared, or recognised from the first bytes: one that the task accepts. */
  readonly mediaType: string;
}

/** The kinds of a file. */
export type FileKind = 'image' | 'audio' | 'file';

/** A task whose input is one file. */
export interface FileInput<Kind extends FileKind = FileKind> {
  readonly kind: Kind;
  /** Media types and, for a file of any kind, ranges of them: `video/*`, or all of them. */
  readonly mediaTypes: readonly string[];
}

/** The files of a form by the names of their parts. */
export type FormParts = Readonly<Record<string, FileInput>>;

/** A task whose input is several files, each under a name of its own. */
export interface FormInput<Parts extends FormParts = FormParts> {
  readonly kind: 'form';
  readonly parts: Parts;
}

/** A task whose input is a JSON value. */
export interface JsonInput<Schema extends z.ZodType = z.ZodType> {
  readonly kind: 'json';
  readonly schema: Schema;
}

export type TaskInput = FileInput | FormInput | JsonInput;

/** The task accepts one image file. */
export const image = (): FileInput<'image'> => ({ kind: 'image', mediaTypes: imageMediaTypes });

/** The task accepts one audio file. */
export const audio = (): FileInput<'audio'> => ({ kind: 'audio', mediaTypes: audioMediaTypes });

/**
 * The task accepts one file of these media types, as it is: `file({ mediaTypes: ['video/mp4', 'application/pdf'] })`. A type
 * may be a range, `video/*`; without any, every file is accepted. A file whose type is neither declared nor recognised is
 * `text/plain` if it is UTF-8 and that is accepted, and otherwise `application/octet-stream`.
 *
 * @throws {TypeError} for what is no media type or range.
 */
export function file({ mediaTypes = ['*/*'] }: { readonly mediaTypes?: readonly string[] } = {}): FileInput<'file'> {
  if (mediaTypes.length === 0) throw new TypeError('A file needs a media type. Leave mediaTypes out to accept any.');
  const wrong = mediaTypes.find((type) => !mediaTypePattern.test(type) && !mediaRangePattern.test(type));
  if (wrong !== undefined)
    throw new TypeError(`"${wrong}" is no media type. Write it in lower case, such as video/mp4 or video/*.`);
  return { kind: 'file', mediaTypes };
}

/**
 * The task accepts several files at once, each under a name: `form({ left: image(), right: image() })`. All of them are
 * needed. What is not a file is a parameter of the task.
 *
 * @throws {TypeError} for a name that cannot be that of a part, such as `data`, and for none or more than 16 of them.
 */
export function form<const Parts extends FormParts>(parts: Parts): FormInput<Parts> {
  const names = Object.keys(parts);
  if (names.length === 0 || names.length > maxFormParts)
    throw new TypeError(`A form has 1 to ${maxFormParts} files, not ${names.length}.`);
  const wrong = names.find((name) => !partNamePattern.test(name));
  if (wrong !== undefined)
    throw new TypeError(`The name "${wrong}" of a file in a form must match ${partNamePattern.source}.`);
  return { kind: 'form', parts: Object.freeze({ ...parts }) };
}

/** The task accepts a JSON value that matches this schema. */
export const json = <Schema extends z.ZodType>(schema: Schema): JsonInput<Schema> => ({ kind: 'json', schema });

/** A file as it travels over tRPC, where its bytes are base64. */
export const FileValue = z.strictObject({
  /** The encoded file, such as a JPEG or a WAV. At most `MAX_UPLOAD_MB` MiB. */
  data: z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes (a Uint8Array)'),
  /** The media type of `data`. If absent or `application/octet-stream`, it is detected from the first bytes. */
  mediaType: z.string().max(255).optional(),
  /** A file name for the logs. */
  name: z.string().max(255).optional(),
});
export type FileValue = z.infer<typeof FileValue>;

/** Bytes in the output of a task: their media type, and the field that holds them as a data URL. */
export interface BytesField<Field extends string = string, MediaType extends string = string> {
  readonly mediaType: MediaType;
  readonly field: Field;
}

/**
 * The task produces bytes of this media type in this field of its output: `bytes('speech', 'audio/wav')`. In JSON they are a
 * data URL, for which `dataUrl('audio/wav')` is the schema; `Accept: audio/wav` returns them alone.
 *
 * @throws {TypeError} for what is no media type, and for the types of the other responses.
 */
export function bytes<const Field extends string, const MediaType extends string>(
  field: Field,
  mediaType: MediaType,
): BytesField<Field, MediaType> {
  if (!mediaTypePattern.test(mediaType) || responseTypes.has(mediaType))
    throw new TypeError(`"${mediaType}" is no media type that a task can produce. Write one such as audio/wav.`);
  return { mediaType, field };
}

/** The task produces a PNG in this field of its output. */
export const png = <const Field extends string>(field: Field): BytesField<Field, 'image/png'> =>
  bytes(field, 'image/png');

/** Bytes of this media type as they are in JSON: a data URL with base64. */
export function dataUrl(mediaType: string): z.ZodString {
  const start = `data:${mediaType};base64,`;
  return z
    .string()
    .startsWith(start)
    .describe(`${mediaType} as a data URL.`)
    .meta({ examples: [`${start}AAAA`] });
}

/** A PNG as a data URL, as it is in JSON. */
export const PngDataUrl = z
  .string()
  .startsWith('data:image/png;base64,')
  .describe('The picture, a PNG as a data URL.')
  .meta({
    examples: [
      'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAG7buVgAAAABJRU5ErkJggg==',
    ],
  });
