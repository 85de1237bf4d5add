import { isError, isPorticoError, PorticoError } from '../errors/portico-error.ts';
import { isFileForSure, tagOf } from './file-input.ts';

/** The error of an input that is rejected on this side, before anything of it is sent. */
export const unusable = (message: string, cause?: unknown): PorticoError =>
  new PorticoError('BAD_INPUT', message, { cause });

/** The error of an input that failed on this side: the cause itself if it is one of ours, else this message with the cause. */
export const unusableFor = (message: string, cause: unknown): PorticoError =>
  isPorticoError(cause) ? cause : unusable(`${message}: ${isError(cause) ? cause.message : String(cause)}.`, cause);

/** The error of a value that is not a file. */
export const notAFile = (value: unknown): PorticoError =>
  unusable(
    'A file is a Blob, bytes, a stream of bytes, a data URL, in Node a path, ' +
      `or { data, mediaType?, name? } around one of these, but this is ${describe(value)}.`,
  );

function describe(value: unknown): string {
  if (value === undefined || value === null) return `${value}: there is no file`;
  const tag = tagOf(value);
  if (tag === 'FileList' || (Array.isArray(value) && typeof value[0] !== 'number'))
    return 'a list of files: pass one, or all of them to batch';
  if (tag === 'FormData') return 'a FormData: pass what its get() returns';
  if (tag === 'Promise') return 'a promise: await it first';
  if (tag === 'Response' || tag === 'Request') return `a ${tag}: pass what its blob() resolves with`;
  if (typeof value === 'object' && 'data' in value) return `an object whose data is ${describe(value.data)}`;
  // What receives uploads for a server wraps them: multer, formidable.
  const [field] =
    Object.entries(value as object).find(([name, inner]) => isFileForSure(inner) || /path$/i.test(name)) ?? [];
  return field === undefined ? `a value of type ${tag}` : `an object around it: pass its ${field}`;
}
