import { z } from 'zod';

/** The image types every image task accepts: the first page or frame is read. Never SVG or PDF. */
export const imageMediaTypes = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/tiff',
  'image/gif',
  'image/avif',
] as const;

/** The audio types every audio task accepts, at any sample rate and channel count. */
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

/** The task takes one image file. */
export const image = (): FileInput<'image'> => ({ kind: 'image', mediaTypes: imageMediaTypes });

/** The task takes one audio file. */
export const audio = (): FileInput<'audio'> => ({ kind: 'audio', mediaTypes: audioMediaTypes });

/** The task takes a JSON value of this shape. */
export const json = <Schema extends z.ZodType>(schema: Schema): JsonInput<Schema> => ({ kind: 'json', schema });

/** The bytes of one file as they travel over tRPC (base64 on the wire). */
export const FileValue = z.strictObject({
  /** The encoded file: a JPEG, a WAV and so on. At most `MAX_UPLOAD_MB` MiB. */
  data: z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes (a Uint8Array)'),
  /** The media type of `data`; absent or `application/octet-stream` is recognised from its first bytes. */
  mediaType: z.string().max(255).optional(),
  /** A file name for the logs. */
  name: z.string().max(255).optional(),
});
export type FileValue = z.infer<typeof FileValue>;
