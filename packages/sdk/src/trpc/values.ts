import { bytesFromBase64, bytesToBase64, isNumbers, numbersFromText, numbersToText } from '@portico/api';
import { tagOf } from '../files/file-input.ts';
import { unusable, unusableFor } from '../files/input-error.ts';

// The format of SuperJSON, https://github.com/flightcontrolhq/superjson, which is several times as large.

/** The kind of a value that JSON lacks. */
type ValueKind = 'undefined' | 'bigint' | 'number' | 'Date' | 'map' | 'set' | readonly ['custom', 'bytes' | 'numbers'];

/** The kind of one value, and what is inside it. */
type Annotation = readonly [kind: ValueKind, inner?: Annotations];

/** Kinds by the path of the value: names joined by dots, with dots and backslashes in names escaped by a backslash. */
interface Annotations {
  readonly [path: string]: Annotation;
}

/** A value as JSON, and which parts of it are more than JSON. */
export interface AnnotatedJson {
  readonly json: unknown;
  readonly meta?: { readonly values?: Annotation | Annotations; readonly v: 1 };
}

/**
 * The value that the server's SuperJSON wrote.
 *
 * @throws {TypeError} if the paths of the annotations lead nowhere.
 */
export function readValue({ json, meta }: AnnotatedJson): unknown {
  return meta?.values === undefined ? json : read(json, meta.values);
}

function read(json: unknown, note: Annotation | Annotations): unknown {
  if (!isAnnotation(note)) return readInside(json, note);
  const [kind, inner] = note;
  const value = inner === undefined ? json : readInside(json, inner);
  switch (String(kind)) {
    case 'undefined':
      return undefined;
    case 'bigint':
      return BigInt(value as string);
    case 'number':
      return Number(value);
    case 'Date':
      return new Date(value as string);
    case 'map':
      return new Map(value as [unknown, unknown][]);
    case 'set':
      return new Set(value as unknown[]);
    case 'custom,bytes':
      return bytesFromBase64(value as string);
    case 'custom,numbers':
      return numbersFromText(value as string);
    default:
      // Of a newer server: better as it came than not at all.
      return value;
  }
}

const isAnnotation = (note: Annotation | Annotations): note is Annotation => Array.isArray(note);

/** Replaces the annotated values inside one that was just parsed, in place. */
function readInside(json: unknown, notes: Annotations): unknown {
  for (const [path, note] of Object.entries(notes)) {
    const keys = keysOf(path);
    const last = keys.pop() ?? '';
    const parent = keys.reduce((value: unknown, key) => own(value, key), json);
    (parent as Record<string, unknown>)[last] = read(own(parent, last), note);
  }
  return json;
}

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

/** A value that is written, with its annotations. */
interface Written {
  readonly json: unknown;
  readonly kind?: ValueKind;
  readonly inner?: Notes | undefined;
}

/** Annotations that are still being collected. */
type Notes = Record<string, Annotation>;

/** A value as the server's SuperJSON reads it. Throws BAD_INPUT for what cannot be sent, such as a function or a class instance. */
export function writeValue(value: unknown): AnnotatedJson {
  const written = writeInput(value);
  const values = written.kind === undefined ? written.inner : annotationOf(written);
  return values === undefined ? { json: written.json } : { json: written.json, meta: { values, v: 1 } };
}

function writeInput(value: unknown): Written {
  try {
    return write(value, 'call');
  } catch (cause) {
    // Above all, a value that contains itself has no end.
    throw unusableFor('The input cannot be written', cause);
  }
}

const annotationOf = ({ kind, inner }: Written): Annotation =>
  inner === undefined ? [kind as ValueKind] : [kind as ValueKind, inner];

function write(value: unknown, place: string): Written {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return { json: value };
    case 'undefined':
      return { json: null, kind: 'undefined' };
    case 'bigint':
      return { json: String(value), kind: 'bigint' };
    case 'number':
      if (Number.isFinite(value) && !Object.is(value, -0)) return { json: value };
      return { json: Object.is(value, -0) ? '-0' : String(value), kind: 'number' };
    default:
      return value === null ? { json: null } : writeObject(value, place);
  }
}

function writeObject(value: unknown, place: string): Written {
  if (isNumbers(value)) return { json: numbersToText(value), kind: ['custom', 'numbers'] };
  switch (tagOf(value)) {
    case 'Uint8Array':
      return { json: bytesToBase64(value as Uint8Array), kind: ['custom', 'bytes'] };
    case 'Date':
      return Number.isNaN((value as Date).valueOf())
        ? { json: null }
        : { json: (value as Date).toISOString(), kind: 'Date' };
    case 'Map':
      return { kind: 'map', ...writeList([...(value as Map<unknown, unknown>)], place) };
    case 'Set':
      return { kind: 'set', ...writeList([...(value as Set<unknown>)], place) };
    case 'Array':
      return writeList(value as unknown[], place);
    case 'Object':
      return writeRecord(value as object, place);
    default:
      throw unusable(`The value at ${place} cannot be sent: it is of type ${tagOf(value)}.`);
  }
}

function writeList(values: readonly unknown[], place: string): Written {
  const notes: Notes = {};
  // Holes are undefined, which `map` would skip.
  const json = Array.from(values, (value, index) => {
    const written = write(value, `${place}.${index}`);
    note(notes, String(index), written);
    return written.json;
  });
  return { json, inner: someOf(notes) };
}

function writeRecord(value: object, place: string): Written {
  const notes: Notes = {};
  const fields = Object.entries(value).flatMap(([name, field]: [string, unknown]): [string, unknown][] => {
    // An undefined field is left out.
    if (field === undefined) return [];
    const written = write(field, `${place}.${name}`);
    note(notes, name.replaceAll(/[\\.]/g, '\\$&'), written);
    return [[name, written.json]];
  });
  return { json: Object.fromEntries(fields), inner: someOf(notes) };
}

function note(notes: Notes, path: string, { kind, inner, json }: Written): void {
  if (kind !== undefined) notes[path] = annotationOf({ kind, inner, json });
  else if (inner !== undefined) {
    for (const [rest, annotation] of Object.entries(inner)) notes[`${path}.${rest}`] = annotation;
  }
}

const someOf = (notes: Notes): Notes | undefined => (Object.keys(notes).length === 0 ? undefined : notes);
