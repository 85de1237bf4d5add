import { isPorticoError, PorticoError } from '../errors/portico-error.ts';
import { isBlob, tagOf } from './kind-of.ts';

/** The error for an input that is refused on this side, before anything of it is sent. */
export const unusable = (message: string, cause?: unknown): PorticoError =>
  new PorticoError('BAD_INPUT', message, { cause });

/** The error for what went wrong with an input on this side: itself where it is one of this package, or else these words with it. */
export const unusableFor = (words: string, cause: unknown): PorticoError =>
  isPorticoError(cause)
    ? cause
    : unusable(`${words}: ${cause instanceof Error ? cause.message : String(cause)}.`, cause);

/** The error for a value that is no file. */
export const noFile = (value: unknown): PorticoError =>
  unusable(
    'A file is a Blob, a File, a Uint8Array, a Buffer, an ArrayBuffer, a stream of bytes, a data URL, in Node a path or a file URL, ' +
      `or { data, mediaType?, name? } around one of these, but this is ${describe(value)}.`,
  );

function describe(value: unknown): string {
  if (value === undefined || value === null) return `${value}: there is no file`;
  const tag = tagOf(value);
  if (tag === 'FileList' || (Array.isArray(value) && value.some(isBlob)))
    return 'a list of files: pass one, or all of them to batch';
  if (tag === 'Promise') return 'a promise: await it first';
  if (tag === 'Response' || tag === 'Request') return `a ${tag}: pass what its blob() resolves with`;
  if (typeof value === 'object' && 'data' in value) return `an object whose data is ${describe(value.data)}`;
  return `a value of type ${tag}`;
}
