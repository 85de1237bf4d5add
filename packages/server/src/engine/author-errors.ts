import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFolder } from '../weights/resolve-weights.ts';

/** Of the package: where source maps are on, a stack has places in `src`. */
const ownFolder = fileURLToPath(new URL('../..', import.meta.url));

/** A frame of a stack whose file is on disk. */
const frame = /^\s+at .*?\(?((?:file:\/\/)?\/[^\s()]+):(\d+):(\d+)\)?$/gm;

/**
 * An error that a model's code ended in, with what was going on and where: `load() failed at digits/model.ts:8:15: …`.
 * @param module URL of the model; what the stack says of Portico and of packages is passed over
 */
export function authorError(what: string, error: Error, module: string): Error {
  const place = placeOf(error.stack ?? '', module);
  return new Error(`${what} failed${place === undefined ? '' : ` at ${place}`}: ${error.message}`, { cause: error });
}

/** Whether the words of an error are those of JavaScript, which say little without a place. */
export const isDefect = (error: unknown): error is Error =>
  error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;

function placeOf(stack: string, module: string): string | undefined {
  for (const [, file = '', line, column] of stack.matchAll(frame)) {
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    if (path.startsWith(ownFolder) || path.includes('/node_modules/')) continue;
    return `${inPackage(path, module)}:${line}:${column}`;
  }
  return undefined;
}

/** A path as seen from the package that a module belongs to. */
export function inPackage(path: string, module: string): string {
  const seen = relative(packageFolder(module), path);
  return seen === '' || seen.startsWith('..') || isAbsolute(seen) ? path : seen;
}
