import { bytesToBase64, isNumbers, numbersToText } from '@portico/api';
import { tagOf } from '../../files/kind-of.ts';
import { unusableFor, unusable } from '../../files/unusable-input.ts';
import type { AnnotatedJson, Annotation, ValueKind } from './annotation.ts';

/**
 * A value as the server's SuperJSON reads it: what JSON lacks is told by its path. Throws BAD_INPUT for what cannot travel:
 * a function, a symbol, an object of a class.
 */
export function writeValue(value: unknown): AnnotatedJson {
  const written = writtenCall(value);
  const values = written.kind === undefined ? written.inner : annotationOf(written);
  return values === undefined ? { json: written.json } : { json: written.json, meta: { values, v: 1 } };
}

function writtenCall(value: unknown): Written {
  try {
    return write(value, 'call');
  } catch (cause) {
    // Above all what is inside of itself, to which there is no end.
    throw unusableFor('The input cannot be written', cause);
  }
}

interface Written {
  readonly json: unknown;
  readonly kind?: ValueKind;
  readonly inner?: Notes | undefined;
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

/** What the parts of a value say about themselves and their insides, by their paths. */
type Notes = Record<string, Annotation>;

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
    // A field that is undefined is none.
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
