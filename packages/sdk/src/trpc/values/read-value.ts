import { bytesFromBase64, numbersFromText } from '@portico/api';
import type { AnnotatedJson, Annotation, Annotations } from './annotation.ts';

/**
 * The value that the server's SuperJSON wrote.
 *
 * @throws {TypeError} when the paths of the annotations lead nowhere.
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

/** Replaces the annotated values inside of one that was just parsed and belongs to nobody else. */
function readInside(json: unknown, notes: Annotations): unknown {
  for (const [path, note] of Object.entries(notes)) {
    const keys = keysOf(path);
    const last = keys.pop() ?? '';
    const parent = keys.reduce((value: unknown, key) => own(value, key), json);
    (parent as Record<string, unknown>)[last] = read(own(parent, last), note);
  }
  return json;
}

/** The names that a path is made of. */
function keysOf(path: string): string[] {
  const keys = [''];
  for (const [part, escaped] of path.matchAll(/\\([^])|[^]/g)) {
    if (part === '.') keys.push('');
    else keys.push(`${String(keys.pop())}${escaped ?? part}`);
  }
  return keys;
}

/** Never anything that is inherited: a path comes from outside. */
function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
    throw new TypeError('The annotations of an answer do not fit it.');
  }
  return (value as Record<string, unknown>)[key];
}
