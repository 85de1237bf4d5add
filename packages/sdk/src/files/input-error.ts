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
    `A file is a Blob, bytes, a stream, a data URL, in Node a path, or { data } around one, but this is ${describe(value)}.`,
  );

function describe(value: unknown): string {
  if (value === undefined || value === null) return `${value}: there is no file`;
  const tag = tagOf(value);
  if (tag === 'FileList' || (Array.isArray(value) && typeof value[0] !== 'number'))
    return 'a list: pass one, or all to batch';
  if (tag === 'Promise') return 'a promise: await it first';
  if (tag === 'Response' || tag === 'Request') return `a ${tag}: pass what its blob() resolves with`;
  if (typeof value === 'object' && 'data' in value) return `an object whose data is ${describe(value.data)}`;
  // What receives uploads for a server wraps them, as multer does.
  for (const field in value) if (isFileForSure(value[field as never])) return `an object: pass its ${field}`;
  return `a value of type ${tag}`;
}
