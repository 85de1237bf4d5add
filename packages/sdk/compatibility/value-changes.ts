import type { Change } from './change.ts';
import { type JsonSchema, wordKeywords } from './contract.ts';
import { difference, json, type Place } from './difference.ts';
import { rangeChanges, rangeKeywords } from './range-changes.ts';

const lowerBounds = new Set(['minLength', 'minItems', 'minProperties']);
const upperBounds = new Set(['maxLength', 'maxItems', 'maxProperties']);
// Compared elsewhere.
const inArrays = ['items', 'prefixItems'];
const inObjects = ['properties', 'required', 'additionalProperties'];
const kinds = ['type', 'const', 'enum', 'anyOf', 'oneOf'];
const others = new Set([...wordKeywords, ...kinds, ...rangeKeywords, ...inArrays, ...inObjects]);

/** Differences between two schemas of the same kind in everything that is not part of an object or an array. */
export function valueChanges(place: Place, released: JsonSchema, current: JsonSchema): Change[] {
  const keywords = new Set([...Object.keys(released), ...Object.keys(current)]);
  return [
    ...typeChanges(place, released, current),
    ...rangeChanges(place, released, current),
    ...[...keywords]
      .filter((keyword) => !others.has(keyword) && json(released[keyword]) !== json(current[keyword]))
      .map((keyword) => keywordChange(place, keyword, released[keyword], current[keyword])),
  ];
}

/** Numbers are of one kind, whole or not. */
function typeChanges(place: Place, { type: before }: JsonSchema, { type: after }: JsonSchema): Change[] {
  if (before === 'integer' && after === 'number') return [difference(place, 'widened', 'need not be whole now')];
  if (before === 'number' && after === 'integer') return [difference(place, 'narrowed', 'must be whole now')];
  return [];
}

function keywordChange(place: Place, keyword: string, before: unknown, after: unknown): Change {
  const what = `${keyword}: ${json(before)} became ${json(after)}`;
  if (before === undefined) return difference(place, 'narrowed', what);
  if (after === undefined) return difference(place, 'widened', what);
  if (lowerBounds.has(keyword)) return difference(place, Number(after) > Number(before) ? 'narrowed' : 'widened', what);
  if (upperBounds.has(keyword)) return difference(place, Number(after) < Number(before) ? 'narrowed' : 'widened', what);
  return difference(place, 'changed', what);
}
