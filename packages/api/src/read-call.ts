import { Failure } from '@portico/schemas';
import { bytesFromBase64, numbersFromText } from './bytes.ts';

// What a client sends, in the format of SuperJSON, https://github.com/flightcontrolhq/superjson. SuperJSON itself builds
// whatever a client's annotations name: a bigint of millions of digits, a regular expression, a URL, a value under a key
// of millions of dots. Each takes seconds, and no contract has any of them.

/** Inputs of a call that are more than JSON: files, tensors, parameters that are undefined. */
const maxAnnotations = 1_000;
/** Characters of all paths together: 1 000 inputs of tensors take 16 000. */
const maxPathsLength = 16 * 1024;

/** Numbers that JSON lacks, as SuperJSON writes them. */
const specialNumbers: Readonly<Record<string, number>> = {
  '-0': -0,
  NaN: Number.NaN,
  Infinity,
  '-Infinity': -Infinity,
};

/**
 * The value of a call. Annotations may name bytes, typed arrays, `undefined` and the numbers that JSON lacks. That the same
 * object was sent twice (`referentialEqualities`) is not restored: the JSON holds it twice.
 *
 * @throws {Failure} `BAD_INPUT` for any other annotation, and for one that does not fit its value.
 */
export function readCall(call: unknown): unknown {
  if (!isRecord(call)) throw refused('A call must be an object with "json".');
  const { json, meta } = call;
  if (meta === undefined || meta === null) return json;
  if (!isRecord(meta)) throw refused('"meta" must be an object.');
  const { values } = meta;
  if (values === undefined) return json;
  // The value as a whole.
  if (Array.isArray(values)) return read(json, values);
  if (!isRecord(values)) throw refused('"meta.values" must be an object.');
  const notes = Object.entries(values);
  if (notes.length > maxAnnotations) throw refused(`At most ${maxAnnotations} values may be annotated.`);
  if (notes.reduce((sum, [path]) => sum + path.length, 0) > maxPathsLength)
    throw refused(`The paths of annotated values may have at most ${maxPathsLength} characters together.`);
  const annotated = new Set<string>();
  for (const [path, note] of notes) {
    const names = namesOf(path);
    const key = JSON.stringify(names);
    if (annotated.has(key)) throw refused('A value is annotated twice.');
    annotated.add(key);
    const last = names.pop() ?? '';
    const parent = names.reduce(own, json) as Record<string, unknown>;
    parent[last] = read(own(parent, last), note);
  }
  return json;
}

function read(value: unknown, note: unknown): unknown {
  if (!Array.isArray(note) || note.length !== 1) throw refused('Only single values may be annotated.');
  const [kind] = note as [unknown];
  if (kind === 'undefined') return undefined;
  if (kind === 'number') {
    if (typeof value === 'string' && Object.hasOwn(specialNumbers, value)) return specialNumbers[value];
    throw refused('A number was announced, but none was sent.');
  }
  const name: unknown = Array.isArray(kind) && kind.length === 2 && kind[0] === 'custom' ? kind[1] : undefined;
  if (name !== 'bytes' && name !== 'numbers') throw refused('Only bytes, numbers and undefined may be annotated.');
  if (typeof value !== 'string') throw refused('Bytes must be base64 in a string.');
  try {
    return name === 'bytes' ? bytesFromBase64(value) : numbersFromText(value);
  } catch (cause) {
    throw refused('A typed array is of an unknown kind, or ends within an element.', cause);
  }
}

/** The names of a path, which are joined by dots; dots and backslashes in names follow a backslash. */
function namesOf(path: string): string[] {
  if (!path.includes('\\')) return path.split('.');
  const names: string[] = [];
  let name = '';
  for (let at = 0; at < path.length; at += 1) {
    if (path[at] === '.') {
      names.push(name);
      name = '';
      continue;
    }
    // The last character may be a backslash that escapes nothing.
    if (path[at] === '\\' && at + 1 < path.length) at += 1;
    name += path[at];
  }
  return [...names, name];
}

/** Never anything inherited: a path comes from outside. */
function own(value: unknown, name: string): unknown {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, name))
    return (value as Record<string, unknown>)[name];
  throw refused('The annotations do not match the values.');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const refused = (detail: string, cause?: unknown): Failure =>
  new Failure('BAD_INPUT', `The body is not a valid tRPC call. ${detail}`, cause === undefined ? {} : { cause });
