import { bytesFromBase64 } from '@portico/api';
import { encodeForm, openFile } from '#platform';
import type { PorticoError } from '../errors/portico-error.ts';
import { isAsyncIterable, isBlob, isBytes, isNamedFile, isUrl, isWebStream, tagOf } from './file-input.ts';
import { notAFile, unusable, unusableFor } from './input-error.ts';
import type { EncodedForm } from './platform.ts';

/** A file as it goes into a form. */
export interface FormFile {
  readonly blob: Blob;
  readonly name: string;
}

type Stream = ReadableStream<unknown> | AsyncIterable<unknown>;

const unnamed = 'file';

/** What should be files, by the names of their parts in a form. */
export type Files = Readonly<Record<string, unknown>>;

/** The upload of a call, for each of its requests. Throws BAD_INPUT if what should be a file is none or cannot be read. */
export async function encodeUpload(files: Files, params: object, signal: AbortSignal): Promise<EncodedForm> {
  const form = new FormData();
  for (const [key, value] of Object.entries(params) as [string, unknown][]) {
    // A list is its items, each under the same name.
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined) form.append(key, fieldText(item));
  }
  for (const { part, blob, name } of await toFormFiles(files, signal)) form.append(part, blob, name);
  return encodeForm(form);
}

const fieldText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Files to send, each read to its end. Throws BAD_INPUT that says which of them is none or cannot be read. */
async function toFormFiles(files: Files, signal: AbortSignal): Promise<(FormFile & { part: string })[]> {
  const read = [];
  for (const [part, file] of Object.entries(files)) {
    const found = await toFormFile(file, signal).catch((error: PorticoError) => {
      throw part === unnamed ? error : unusable(`${part}: ${error.message}`, error);
    });
    read.push({ ...found, part });
  }
  return read;
}

/** The file to send, read to its end. Throws BAD_INPUT if the input is not a file or cannot be read. */
export async function toFormFile(input: unknown, signal: AbortSignal): Promise<FormFile> {
  const { data, mediaType, name } = isNamedFile(input) ? input : { data: input };
  requireText('mediaType', mediaType);
  requireText('name', name);
  const found = await readFile(data, signal, input);
  const type = mediaType ?? found.blob.type;
  const blob = found.blob.type === type ? found.blob : new Blob([found.blob], { type });
  return { blob, name: name ?? found.name };
}

function requireText(field: string, value: unknown): asserts value is string | undefined {
  if (value !== undefined && typeof value !== 'string') {
    throw unusable(`The ${field} of a file is text, but this is a value of type ${tagOf(value)}.`);
  }
}

async function readFile(data: unknown, signal: AbortSignal, input: unknown): Promise<FormFile> {
  if (isBlob(data)) return { blob: data, name: 'name' in data ? String(data.name) : unnamed };
  if (isBytes(data)) return { blob: blobOfBytes(data), name: unnamed };
  if (isWebStream(data) || isAsyncIterable(data)) return { blob: await blobOfStream(data, signal), name: unnamed };
  if (typeof data === 'string' || isUrl(data)) return fileAt(data, signal);
  throw notAFile(input);
}

/** A buffer that was transferred to a worker has no bytes any more. */
function blobOfBytes(bytes: Uint8Array | ArrayBuffer): Blob {
  try {
    return new Blob([bytes as BlobPart]);
  } catch (cause) {
    throw unusableFor('The bytes cannot be read', cause);
  }
}

async function fileAt(place: string | URL, signal: AbortSignal): Promise<FormFile> {
  const text = String(place);
  if (/^data:/i.test(text)) return { blob: blobOfDataUrl(text), name: unnamed };
  if (/^(https?|blob):/i.test(text))
    throw unusable(`${text.slice(0, 200)} is not fetched here: fetch it, and pass what its blob() resolves with.`);
  const path = /^file:/i.test(text) ? new URL(text) : text;
  const { bytes, name } = await openFile(path, signal).catch((cause: unknown) => {
    throw unusableFor('The file cannot be read', cause);
  });
  return { blob: new Blob([bytes as BlobPart]), name };
}

const dataUrl = /^data:([^,]*?)(;base64)?,(.*)$/is;

/** The bytes of a data URL (RFC 2397). */
function blobOfDataUrl(url: string): Blob {
  const [, type = '', base64, data = ''] = dataUrl.exec(url) ?? [];
  try {
    const text = decodeURIComponent(data);
    // Node ignores what is not base64.
    if (!dataUrl.test(url) || (base64 !== undefined && !/^[\w+/\s]*=*$/.test(text)))
      throw new Error('It is malformed.');
    const bytes = base64 === undefined ? new TextEncoder().encode(text) : bytesFromBase64(text);
    return new Blob([bytes as BlobPart], { type });
  } catch (cause) {
    throw unusable('The data URL cannot be read: it must look like data:image/png;base64,iVBOR…', cause);
  }
}

/** Reads a stream of bytes to its end, so that it can be sent again. Cancels it if the signal fires. */
async function blobOfStream(stream: Stream, signal: AbortSignal): Promise<Blob> {
  try {
    return new Blob(await readPieces(stream, signal));
  } catch (cause) {
    throw unusableFor('The stream could not be read', cause);
  }
}

async function readPieces(stream: Stream, signal: AbortSignal): Promise<BlobPart[]> {
  const pieces: BlobPart[] = [];
  const iterator = iteratorOf(stream);
  const cancel = (): void => {
    // While a piece is awaited, `return` waits too, but a stream of Node ends at once.
    (stream as { destroy?: () => void }).destroy?.();
    void Promise.resolve(iterator.return?.()).catch(() => {});
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) {
      if (!isBytes(step.value)) {
        cancel();
        throw unusable(
          `The stream of a file must give bytes, but it gave a value of type ${tagOf(step.value)}: open it without an encoding.`,
        );
      }
      pieces.push(step.value as BlobPart);
    }
    signal.throwIfAborted();
    return pieces;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** Not every browser can iterate a stream. */
function iteratorOf(stream: Stream): AsyncIterator<unknown> {
  if (!isWebStream(stream)) return stream[Symbol.asyncIterator]();
  const reader = stream.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<unknown>>,
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}
