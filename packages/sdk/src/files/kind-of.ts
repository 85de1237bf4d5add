/** Tells kinds apart across realms, where `instanceof` fails. */
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
