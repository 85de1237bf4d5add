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

/** A file of the device, in React Native. Elsewhere its `uri` is a data URL, a path or a `file:` URL. */
export interface NativeFile {
  readonly uri: string;
  /** Its media type: `image/jpeg`. Pickers may not know it. */
  readonly type?: string | null | undefined;
  /** A file name for the server's log. */
  readonly name?: string | null | undefined;
}

/** The input of a file task. */
export type FileInput = FileData | NamedFile | NativeFile;

/** React Native's form, which names files where browsers hold them: https://reactnative.dev/docs/network */
export interface NativeForm {
  append(name: string, value: string | { readonly uri: string; readonly type: string; readonly name: string }): void;
}

/** React Native's form; undefined in every other environment. */
export function nativeForm(): (new () => FormData & NativeForm) | undefined {
  const { FormData: Form } = globalThis as { FormData?: new () => FormData & NativeForm };
  // What its fetch asks of a form, and no other form has.
  return Form !== undefined && 'getParts' in Form.prototype ? Form : undefined;
}

/** The kind of a value, also across realms, where `instanceof` fails. */
export const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice('[object '.length, -1);

/** Blobs of every realm and library; React Native's has no tag. */
export function isBlob(value: unknown): value is Blob {
  const { size, type, slice } = Object(value) as { readonly [Field in keyof Blob]?: unknown };
  if (['Blob', 'File'].includes(tagOf(value))) return true;
  return typeof size === 'number' && typeof type === 'string' && typeof slice === 'function';
}

export const isBytes = (value: unknown): value is Uint8Array | ArrayBuffer =>
  ['Uint8Array', 'ArrayBuffer'].includes(tagOf(value));

export const isWebStream = (value: unknown): value is ReadableStream<unknown> => tagOf(value) === 'ReadableStream';

/** Node's streams, and any other source of pieces. */
export const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

export const isUrl = (value: unknown): value is URL => tagOf(value) === 'URL';

export const isNativeFile = (value: unknown): value is NativeFile =>
  typeof value === 'object' && value !== null && 'uri' in value && typeof value.uri === 'string' && !isBlob(value);

/** Whether this can only be a file: neither JSON nor a mistake. */
export const isFileForSure = (value: unknown): boolean =>
  isBlob(value) ||
  isBytes(value) ||
  isWebStream(value) ||
  isAsyncIterable(value) ||
  isUrl(value) ||
  (nativeForm() !== undefined && isNativeFile(value));

/** Whether this is an object around a file: a JSON value may have a `data` too. */
export const isNamedFile = (input: unknown): input is { data: unknown; mediaType?: unknown; name?: unknown } =>
  typeof input === 'object' && input !== null && 'data' in input && !isFileForSure(input);
