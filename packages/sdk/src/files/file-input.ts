/** The bytes of a file. `Buffer` is a `Uint8Array`, `File` is a `Blob`. */
export type FileBytes = Blob | Uint8Array | ArrayBuffer;

/**
 * A file, or where to get it: bytes; a web or Node stream of bytes, which is read to its end before it is sent; a data URL;
 * in Node a path or a `file:` URL.
 */
export type FileData = FileBytes | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | string | URL;

/** A file with what its bytes alone do not say. */
export interface NamedFile {
  readonly data: FileData;
  /**
   * Its media type: `image/png`.
   * @default the type of `data` if that is a `Blob` or a data URL; otherwise the server looks at the first bytes
   */
  readonly mediaType?: string | undefined;
  /**
   * A file name for the server's log.
   * @default the name of `data` if that is a `File` or a path
   */
  readonly name?: string | undefined;
}

/** The input of a file task. */
export type FileInput = FileData | NamedFile;

/** The kind of a value, also across realms, where `instanceof` fails. */
export const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice('[object '.length, -1);

export const isBlob = (value: unknown): value is Blob => ['Blob', 'File'].includes(tagOf(value));

export const isBytes = (value: unknown): value is Uint8Array | ArrayBuffer =>
  ['Uint8Array', 'ArrayBuffer'].includes(tagOf(value));

export const isWebStream = (value: unknown): value is ReadableStream<unknown> => tagOf(value) === 'ReadableStream';

/** Node's streams, and any other source of pieces. */
export const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

export const isUrl = (value: unknown): value is URL => tagOf(value) === 'URL';

/** Whether this can only be a file: neither JSON nor a mistake. */
export const isFileForSure = (value: unknown): boolean =>
  isBlob(value) || isBytes(value) || isWebStream(value) || isAsyncIterable(value) || isUrl(value);

/** Whether this is an object around a file: a JSON value may have a `data` too. */
export const isNamedFile = (input: unknown): input is { data: unknown; mediaType?: unknown; name?: unknown } =>
  typeof input === 'object' && input !== null && 'data' in input && !isFileForSure(input);
