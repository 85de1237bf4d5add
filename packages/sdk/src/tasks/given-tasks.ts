import { taskNamePattern } from '@portico/schemas';
import { isFileForSure, isNamedFile, tagOf } from '../files/file-input.ts';
import { notAFile, unusable } from '../files/input-error.ts';
import type { Files } from '../files/read-file.ts';
import type { TaskKind } from './contracts.ts';

/** What a client knows about one of its tasks when it runs. */
export interface GivenTask {
  readonly name: string;
  /** Undefined if only the name is known. */
  readonly kind: TaskKind | undefined;
  /** The media type of the bytes that it produces, if it is known. */
  readonly produces: string | undefined;
}

const kinds: readonly unknown[] = ['image', 'audio', 'file', 'form', 'json'] satisfies TaskKind[];

/**
 * The tasks that a client is given: their names, their kinds by name, or their contracts by name.
 *
 * @throws {TypeError} for anything else, and for names that a task cannot have.
 */
export function readTasks(given: unknown): GivenTask[] {
  if (typeof given !== 'object' || given === null)
    throw new TypeError("tasks must be a contract, { digits: 'image' } or ['digits'].");
  const isList = Array.isArray(given);
  return Object.entries(given).map(([key, value]: [string, unknown]) => {
    const task = isList ? { name: value, kind: undefined, produces: undefined } : readTask(key, value);
    return { ...task, name: requireName(task.name) };
  });
}

function readTask(key: string, value: unknown): Omit<GivenTask, 'name'> & { readonly name: unknown } {
  if (isKind(value)) return { name: key, kind: value, produces: undefined };
  const { name, accepts, produces } = Object(value) as {
    name?: unknown;
    accepts?: { kind?: unknown };
    produces?: { mediaType?: string };
  };
  const kind = accepts?.kind;
  if (!isKind(kind)) {
    throw new TypeError(`tasks.${key} must be what defineTask returns, or one of ${kinds.join(', ')}.`);
  }
  if (name !== key) throw new TypeError(`tasks.${key} is the task "${String(name)}": give it under that name.`);
  return { name, kind, produces: produces?.mediaType };
}

const isKind = (value: unknown): value is TaskKind => kinds.includes(value);

/** Names that mean something else in a client. No contract has them, and every object has more: `constructor`, `valueOf`. */
const taken = new Set(['ready', 'models', 'gpu', 'tensors', 'then', 'toJSON']);

function requireName(name: unknown): string {
  if (typeof name === 'string' && taskNamePattern.test(name) && !taken.has(name) && !(name in {})) return name;
  const shown = typeof name === 'string' ? `"${name}"` : `a value of type ${tagOf(name)}`;
  throw new TypeError(
    `tasks holds ${shown}, which is no name of a task. To give contracts, name them: { digits: digitsTask }.`,
  );
}

/**
 * The files of a call by the names of their parts, which is the input itself if the task takes several; undefined if the
 * input is JSON. Throws BAD_INPUT if the task takes files and the input is none.
 */
export function filesOf({ name, kind }: GivenTask, input: unknown): Files | undefined {
  if (kind === undefined) return filesAsTheyLook(input);
  if (kind === 'json') {
    if (!isFileForSure(input)) return undefined;
    throw unusable(`The task ${name} takes JSON, but this is a file.`);
  }
  if (kind === 'form') {
    if (tagOf(input) === 'Object' && !isOneFile(input)) return input as Files;
    throw unusable(`The task ${name} takes several files: pass an object with each of them under its name.`);
  }
  const data = isNamedFile(input) ? input.data : input;
  if (typeof data === 'string' || isFileForSure(data)) return { file: input };
  throw notAFile(input);
}

/** The files of a task of which only the name is known: what can only be files, and a text. */
function filesAsTheyLook(input: unknown): Files | undefined {
  if (typeof input === 'string' || isOneFile(input)) return { file: input };
  if (tagOf(input) !== 'Object') return undefined;
  const parts = Object.values(input as object);
  return parts.length > 0 && parts.every(isOneFile) ? (input as Files) : undefined;
}

/** Whether this can only be one file, alone or with its name and type. */
const isOneFile = (input: unknown): boolean =>
  isFileForSure(input) || (isNamedFile(input) && isFileForSure(input.data));
