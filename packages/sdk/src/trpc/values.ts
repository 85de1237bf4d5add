import { bytesFromBase64, bytesToBase64, isNumbers, numbersFromText, numbersToText } from '@portico/api';
import { tagOf } from '../files/file-input.ts';
import { unusable, unusableFor } from '../files/input-error.ts';

// The part of SuperJSON's format that a contract needs, https://github.com/flightcontrolhq/superjson: dates, maps, sets and large
// integers are neither sent by the server nor read by it. SuperJSON itself is several times as large.

/** The kind of a value that JSON lacks. */
type ValueKind = 'undefined' | 'number' | readonly ['custom', 'bytes' | 'numbers'];

/** The kind of one value. */
type Annotation = readonly [kind: ValueKind];

/** Kinds by the path of the value: names joined by dots, with dots and backslashes in names escaped by a backslash. */
interface Annotations {
  readonly [path: string]: Annotation;
}

/** A value as JSON, and which parts of it are more than JSON. */
export interface AnnotatedJson {
  readonly json: unknown;
  readonly meta?: { readonly values?: Annotation | Annotations | undefined; readonly v: 1 };
}

/**
 * The value that the server's SuperJSON wrote.
 *
 * @throws {TypeError} if the paths of the annotations lead nowhere.
 */
export function readValue({ json, meta }: AnnotatedJson): unknown {
  const notes = meta?.values ?? {};
  if (isAnnotation(notes)) return read(json, notes);
  // Each is put in its place, in a value that was just parsed.
  for (const [path, note] of Object.entries(notes)) {
    const keys = keysOf(path);
    const last = keys.pop() ?? '';
    const parent = keys.reduce(own, json);
    (parent as Record<string, unknown>)[last] = read(own(parent, last), note);
  }
  return json;
}

function read(json: unknown, [kind]: Annotation): unknown {
  switch (String(kind)) {
    case 'undefined':
      return undefined;
    case 'number':
      return Number(json);
    case 'custom,bytes':
      return bytesFromBase64(json as string);
    case 'custom,numbers':
      return numbersFromText(json as string);
    default:
      // Of a newer server: better as it came than not at all.
      return json;
  }
}

const isAnnotation = (note: Annotation | Annotations): note is Annotation => Array.isArray(note);

/** The names of a path. */
function keysOf(path: string): string[] {
  const keys = [''];
  for (const [part, escaped] of path.matchAll(/\\([^])|[^]/g)) {
    if (part === '.') keys.push('');
    else keys.push(`${String(keys.pop())}${escaped ?? part}`);
  }
  return keys;
}

/** Never anything inherited: a path comes from outside. */
function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
    throw new TypeError('The annotations of the response do not match its values.');
  }
  return (value as Record<string, unknown>)[key];
}

/** A value as the server's SuperJSON reads it. Throws BAD_INPUT for what cannot be sent, such as a function or a class instance. */
export function writeValue(value: unknown): AnnotatedJson {
  const notes: Record<string, Annotation> = {};
  try {
    const json = write(value, 'call', notes);
    const values = Object(json) === json ? notes : notes[''];
    return Object.keys(notes).length === 0 ? { json } : { json, meta: { values, v: 1 } };
  } catch (cause) {
    // Above all, a value that contains itself has no end.
    throw unusableFor('The input cannot be written', cause);
  }
}

/** A value as JSON. What it is besides is noted under its path, which is its place without "call." */
function write(value: unknown, place: string, notes: Record<string, Annotation>): unknown {
  // Nearly all values of a large input: what follows takes ten times as long.
  if (Number.isFinite(value) && value !== 0) return value;
  const noted = (kind: ValueKind, json: unknown): unknown => {
    notes[place.slice('call.'.length)] = [kind];
    return json;
  };
  if (isNumbers(value)) return noted(['custom', 'numbers'], numbersToText(value));
  const tag = tagOf(value);
  switch (tag) {
    case 'String':
    case 'Boolean':
    case 'Null':
      return value;
    case 'Undefined':
      return noted('undefined', null);
    case 'Number':
      return Object.is(value, 0) ? 0 : noted('number', Object.is(value, -0) ? '-0' : String(value));
    case 'Uint8Array':
      return noted(['custom', 'bytes'], bytesToBase64(value as Uint8Array));
    case 'Array':
      // Holes are undefined, which `map` would skip.
      return Array.from(value as unknown[], (part, index) => write(part, `${place}.${index}`, notes));
    case 'Object':
      return Object.fromEntries(
        Object.entries(value as object)
          // An undefined field is left out.
          .filter(([, part]) => part !== undefined)
          .map(([name, part]) => [name, write(part, `${place}.${name.replaceAll(/[\\.]/g, '\\$&')}`, notes)]),
      );
    default:
      throw unusable(`The value at ${place} cannot be sent: it is of type ${tag}.`);
  }
}
