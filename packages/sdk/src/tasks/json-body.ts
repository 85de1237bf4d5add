import { tagOf } from '../files/file-input.ts';
import { unusable } from '../files/input-error.ts';

/** Where a value is in what is sent: names and indexes, the last of them first, so that it costs nothing until it is read. */
interface Place {
  readonly key: string | number;
  readonly holder: Place | undefined;
  /** What is there: an object or a list that holds what is checked. */
  readonly value: unknown;
}

/**
 * A value as JSON. Throws BAD_INPUT with the path of what would arrive as something else: `NaN` as null, a date as text, a
 * map as an empty object.
 *
 * @param name what the value is, which is where the path begins
 */
export function jsonText(name: string, value: unknown): string {
  requireJson({ key: name, holder: undefined, value });
  return JSON.stringify(value);
}

/** Throws BAD_INPUT for what would arrive as something else. */
function requireJson(place: Place): void {
  const { value } = place;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refused(place, `JSON has no ${value}`);
    return;
  }
  if (!isPlain(value)) throw refused(place, `it is ${describe(value)}`);
  for (let holder = place.holder; holder !== undefined; holder = holder.holder)
    if (holder.value === value) throw refused(place, `it contains itself`);
  if (Array.isArray(value)) {
    // Not `forEach`, which leaves out what is missing.
    for (let key = 0; key < value.length; key += 1) requireJson({ key, holder: place, value: value[key] });
    return;
  }
  for (const key of Object.keys(value)) {
    const field = (value as Readonly<Record<string, unknown>>)[key];
    // Left out, as everywhere in JSON.
    if (field !== undefined) requireJson({ key, holder: place, value: field });
  }
}

/** Whether this is a list or an object of fields, also of another realm, and no instance of a class. */
function isPlain(value: unknown): value is object {
  if (Array.isArray(value)) return true;
  if (tagOf(value) !== 'Object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  if (value === undefined) return 'undefined';
  const tag = tagOf(value);
  if (tag === 'Promise') return 'a promise: await it first';
  const { name = '' } = (value as { constructor?: { name?: string } }).constructor ?? {};
  return `a value of type ${tag === 'Object' ? name || tag : tag}`;
}

const refused = (place: Place, why: string) =>
  unusable(`The value at ${pathOf(place)} cannot be sent as JSON: ${why}.`);

const pathOf = ({ key, holder }: Place): string => (holder === undefined ? `${key}` : `${pathOf(holder)}.${key}`);
