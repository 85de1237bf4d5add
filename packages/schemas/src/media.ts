import { z } from 'zod';

/** The image types that every image task accepts; the first page or frame is read. Never SVG or PDF. */
export const imageMediaTypes = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/tiff',
  'image/gif',
  'image/avif',
] as const;

/** The audio types that every audio task accepts, at any sample rate and channel count. */
export const audioMediaTypes = ['audio/wav', 'audio/mpeg', 'audio/flac', 'audio/ogg'] as const;

/** One file as the client sent it. */
export interface EncodedFile {
  readonly data: Uint8Array;
  /** One of the task's media types. */
  readonly mediaType: string;
}

/** A task whose input is one file. */
export interface FileInput<Kind extends 'image' | 'audio' = 'image' | 'audio'> {
  readonly kind: Kind;
  readonly mediaTypes: readonly string[];
}

/** A task whose input is a JSON value. */
export interface JsonInput<Schema extends z.ZodType = z.ZodType> {
  readonly kind: 'json';
  readonly schema: Schema;
}

export type TaskInput = FileInput | JsonInput;

/** The task accepts one image file. */
export const image = (): FileInput<'image'> => ({ kind: 'image', mediaTypes: imageMediaTypes });

/** The task accepts one audio file. */
export const audio = (): FileInput<'audio'> => ({ kind: 'audio', mediaTypes: audioMediaTypes });

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

/** A picture in the output of a task: its media type, and the field that holds it as a data URL. */
export interface Picture<Field extends string = string> {
  readonly mediaType: 'image/png';
  readonly field: Field;
}

/** The task produces a PNG in this field of its output. */
export const png = <const Field extends string>(field: Field): Picture<Field> => ({ mediaType: 'image/png', field });

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
