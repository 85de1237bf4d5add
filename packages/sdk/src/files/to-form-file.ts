import { openFile } from '#open-file';
import { blobOfDataUrl, isDataUrl } from './data-url.ts';
import { isAsyncIterable, isBlob, isBytes, isFileForSure, isUrl, isWebStream, tagOf } from './kind-of.ts';
import { readStream } from './read-stream.ts';
import { noFile, unusable, unusableFor } from './unusable-input.ts';

/** A file as it goes into a form. */
export interface FormFile {
  readonly blob: Blob;
  readonly name: string;
}

/** The file to send, read to its end. Throws BAD_INPUT when the input is no file or cannot be read. */
export async function toFormFile(input: unknown, signal: AbortSignal): Promise<FormFile> {
  const { data, mediaType, name } = isNamedFile(input) ? input : { data: input };
  checkText('mediaType', mediaType);
  checkText('name', name);
  const found = await fileOf(data, signal, input);
  const type = mediaType ?? found.blob.type;
  const blob = found.blob.type === type ? found.blob : new Blob([found.blob], { type });
  return { blob, name: name ?? found.name };
}

const unnamed = 'file';

async function fileOf(data: unknown, signal: AbortSignal, input: unknown): Promise<FormFile> {
  if (isBlob(data)) return { blob: data, name: 'name' in data ? String(data.name) : unnamed };
  if (isBytes(data)) return { blob: blobOf(data), name: unnamed };
  if (isWebStream(data) || isAsyncIterable(data)) return { blob: await readStream(data, signal), name: unnamed };
  if (typeof data === 'string' || isUrl(data)) return fileAt(data, signal);
  throw noFile(input);
}

/** Memory that has been given to a worker has no bytes any more. */
function blobOf(bytes: Uint8Array | ArrayBuffer): Blob {
  try {
    return new Blob([bytes as BlobPart]);
  } catch (cause) {
    throw unusableFor('The bytes cannot be read', cause);
  }
}

async function fileAt(place: string | URL, signal: AbortSignal): Promise<FormFile> {
  const text = String(place);
  if (isDataUrl(text)) return { blob: blobOfDataUrl(text), name: unnamed };
  if (/^(https?|blob):/i.test(text))
    throw unusable(`${text.slice(0, 200)} is not fetched here: fetch it, and pass what its blob() resolves with.`);
  const path = /^file:/i.test(text) ? new URL(text) : text;
  const { bytes, name } = await openFile(path, signal).catch((cause: unknown) => {
    throw unusableFor('The file cannot be read', cause);
  });
  return { blob: new Blob([bytes as BlobPart]), name };
}

/** Whether this is an object around a file: a JSON value may have a `data` too. */
export const isNamedFile = (input: unknown): input is { data: unknown; mediaType?: unknown; name?: unknown } =>
  typeof input === 'object' && input !== null && 'data' in input && !isFileForSure(input);

function checkText(field: string, value: unknown): asserts value is string | undefined {
  if (value !== undefined && typeof value !== 'string') {
    throw unusable(`The ${field} of a file is text, but this is a value of type ${tagOf(value)}.`);
  }
}
