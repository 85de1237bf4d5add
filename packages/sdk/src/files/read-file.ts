import { bytesFromBase64 } from '@portico/api';
import type { PorticoError } from '../errors/portico-error.ts';
import { joinBytes, viewOf } from './bytes.ts';
import {
  isAsyncIterable,
  isBlob,
  isBytes,
  isNamedFile,
  isNativeFile,
  isUrl,
  isWebStream,
  nativeForm,
  tagOf,
} from './file-input.ts';
import { notAFile, unusable, unusableFor } from './input-error.ts';
import { newTextEncoder, openFile } from './node.ts';

/** A file to send. */
export interface FormFile {
  /** Bytes; a Blob, which may still have to be read; or where React Native finds the file. */
  readonly content: Uint8Array | Blob | { readonly uri: string };
  /** Empty if nobody said it. */
  readonly mediaType: string;
  readonly name: string;
}

type Stream = ReadableStream<unknown> | AsyncIterable<unknown>;

const unnamed = 'file';

/** Characters of a text that is rather the base64 of a file than a path that cannot be opened. */
const minBase64Length = 1_000;

/** What should be files, by the names of their parts in a form. */
export type Files = Readonly<Record<string, unknown>>;

/** Files to send, their streams read to the end. Throws BAD_INPUT that says which of them is none or cannot be read. */
export async function toFormFiles(files: Files, signal: AbortSignal): Promise<(FormFile & { part: string })[]> {
  const read = [];
  for (const [part, file] of Object.entries(files)) {
    const found = await toFormFile(file, signal).catch((error: PorticoError) => {
      throw part === unnamed ? error : unusable(`${part}: ${error.message}`, error);
    });
    read.push({ ...found, part });
  }
  return read;
}

/** The file to send, a stream read to its end. Throws BAD_INPUT if the input is not a file or cannot be read. */
export async function toFormFile(input: unknown, signal: AbortSignal): Promise<FormFile> {
  const { data, mediaType, name } = isNamedFile(input)
    ? input
    : isNativeFile(input)
      ? { data: input, mediaType: input.type ?? undefined, name: input.name ?? undefined }
      : { data: input };
  requireText('media type', mediaType);
  requireText('name', name);
  const found = await readFile(data, signal, input);
  return { content: found.content, mediaType: normalType(mediaType ?? found.mediaType), name: name ?? found.name };
}

function requireText(field: string, value: unknown): asserts value is string | undefined {
  if (value !== undefined && typeof value !== 'string') {
    throw unusable(`The ${field} of a file is text, but this is a value of type ${tagOf(value)}.`);
  }
}

/** As a Blob writes its type: https://w3c.github.io/FileAPI/#constructorBlob. Nothing else may get into a header. */
const normalType = (type: string): string => (/^[\x20-\x7E]*$/.test(type) ? type.toLowerCase() : '');

async function readFile(data: unknown, signal: AbortSignal, input: unknown): Promise<FormFile> {
  if (isBlob(data)) return { content: data, mediaType: data.type, name: nameOf(data) };
  if (isBytes(data)) return fileOfBytes(data);
  if (isWebStream(data) || isAsyncIterable(data)) return ofBytes(await readStream(data, signal));
  if (typeof data === 'string' || isUrl(data)) return fileAt(String(data), signal);
  if (isNativeFile(data)) {
    return nativeForm() === undefined
      ? fileAt(data.uri, signal)
      : { content: { uri: data.uri }, mediaType: '', name: unnamed };
  }
  throw notAFile(input);
}

const ofBytes = (content: Uint8Array, mediaType = '', name = unnamed): FormFile => ({ content, mediaType, name });

const nameOf = (blob: Blob): string => ('name' in blob && typeof blob.name === 'string' ? blob.name : unnamed);

/** A buffer that was transferred to a worker has no bytes any more. */
function fileOfBytes(bytes: Uint8Array | ArrayBuffer): FormFile {
  try {
    return ofBytes(viewOf(bytes));
  } catch (cause) {
    throw unusableFor('The bytes cannot be read', cause);
  }
}

async function fileAt(place: string, signal: AbortSignal): Promise<FormFile> {
  if (/^data:/i.test(place)) return fileOfDataUrl(place);
  if (/^(https?|blob):/i.test(place))
    throw unusable(`${place.slice(0, 200)} is not fetched here: fetch it, and pass what its blob() resolves with.`);
  const { bytes, name } = await openFile(place, signal).catch((cause: unknown) => {
    // The cause has the whole text in it, which would fill a log.
    const isLong = place.length >= minBase64Length;
    throw unusableFor('The file cannot be read', isLong ? 'base64 must be a data URL' : cause);
  });
  return ofBytes(bytes, '', name);
}

const dataUrl = /^data:([^,]*?)(;base64)?,(.*)$/is;

/** The file of a data URL (RFC 2397). */
function fileOfDataUrl(url: string): FormFile {
  const [, type = '', base64, data = ''] = dataUrl.exec(url) ?? [];
  try {
    const text = decodeURIComponent(data);
    // Node ignores what is not base64.
    if (!dataUrl.test(url) || (base64 !== undefined && !/^[\w+/\s]*=*$/.test(text)))
      throw new Error('It is malformed.');
    return ofBytes(base64 === undefined ? newTextEncoder().encode(text) : bytesFromBase64(text), type);
  } catch (cause) {
    throw unusable('The data URL cannot be read: it must look like data:image/png;base64,iVBOR…', cause);
  }
}

/** Reads a stream of bytes to its end, so that it can be sent again. Cancels it if the signal fires. */
async function readStream(stream: Stream, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return joinBytes(await readPieces(stream, signal));
  } catch (cause) {
    throw unusableFor('The stream could not be read', cause);
  }
}

async function readPieces(stream: Stream, signal: AbortSignal): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
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
      pieces.push(viewOf(step.value));
    }
    // React Native's signals have no reason.
    if (signal.aborted) throw signal.reason ?? new Error('it was aborted');
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
