import type { Attempt } from '../calls/run-call.ts';
import type { Client } from '../client.ts';
import { isFileForSure, isBlob, tagOf } from '../files/kind-of.ts';
import { isNamedFile } from '../files/to-form-file.ts';
import { noFile } from '../files/unusable-input.ts';

/** What JSON is made of, and dates, which tRPC carries too. */
const jsonKinds = new Set(['String', 'Number', 'Boolean', 'Object', 'Array', 'Date', 'BigInt', 'Map', 'Set', 'Null']);

/**
 * Whether the input of a call is a file. Throws BAD_INPUT for what is neither a file nor JSON, and for JSON where the task
 * takes a file.
 */
export async function takesFile({ kinds }: Client, task: string, input: unknown, attempt: Attempt): Promise<boolean> {
  if (isFileForSure(input)) return true;
  if (isNamedFile(input) && isFileForSure(input.data)) return true;
  if (!jsonKinds.has(tagOf(input)) || (Array.isArray(input) && input.some(isBlob))) throw noFile(input);
  if (!(await kinds.takesFile(task, attempt))) return false;
  if (typeof input === 'string' || (isNamedFile(input) && typeof input.data === 'string')) return true;
  throw noFile(input);
}
