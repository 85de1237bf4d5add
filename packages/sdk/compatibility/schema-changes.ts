import { nameOf, pairAlternatives } from './alternatives.ts';
import type { Change } from './change.ts';
import { type JsonSchema, nameKeyword } from './contract.ts';
import { type Direction, difference, json, type Place } from './difference.ts';
import { inlined } from './inlined.ts';
import { objectChanges } from './object-changes.ts';
import { valueChanges } from './value-changes.ts';

/** How a schema differs from its release, for those who send such values (`input`) or read them (`output`). */
export const schemaChanges = (
  where: string,
  direction: Direction,
  released: JsonSchema,
  current: JsonSchema,
): Change[] => changesAt({ where, direction }, inlined(released), inlined(current));

function changesAt(place: Place, released: JsonSchema, current: JsonSchema): Change[] {
  if (json(released) === json(current)) return [];
  const { both, removed, added } = pairAlternatives(released, current);
  return [
    ...wordChanges(place, released, current),
    ...removed.map((schema) => difference(place, 'narrowed', `${nameOf(schema)} is not allowed any more`)),
    ...added.map((schema) => difference(place, 'widened', `${nameOf(schema)} is allowed too`)),
    ...both.flatMap(([before, after]) => [
      ...(before === released ? [] : wordChanges(place, before, after)),
      ...valueChanges(place, before, after),
      ...objectChanges(place, before, after, changesAt),
      ...arrayChanges(place, before, after),
    ]),
  ];
}

/** What is said about values; none of it allows or forbids one. */
function wordChanges({ where }: Place, released: JsonSchema, current: JsonSchema): Change[] {
  const changes: Change[] = [];
  const [before, after] = [released[nameKeyword], current[nameKeyword]];
  if (before === undefined && after !== undefined) {
    changes.push({ step: 'minor', where, what: `the type is called ${json(after)}` });
  } else if (before !== after) {
    changes.push({ step: 'major', where, what: `the type ${json(before)} is called ${json(after)}` });
  }
  if (json(released.default) !== json(current.default)) {
    changes.push({
      step: 'minor',
      where,
      what: `the default ${json(released.default)} became ${json(current.default)}`,
    });
  }
  const words = ['title', 'description', 'examples'].filter((word) => json(released[word]) !== json(current[word]));
  return [...changes, ...words.map((word): Change => ({ step: 'patch', where, what: `another ${word}` }))];
}

function arrayChanges(place: Place, released: JsonSchema, current: JsonSchema): Change[] {
  const [before = [], after = []] = [released.prefixItems, current.prefixItems];
  const count = Math.max(before.length, after.length);
  const parts = Array.from({ length: count }, (_, index) => ({
    place: { ...place, where: `${place.where}[${index}]` },
    released: before[index] ?? itemOf(released),
    current: after[index] ?? itemOf(current),
  }));
  return [
    ...parts,
    { place: { ...place, where: `${place.where}[]` }, released: itemOf(released), current: itemOf(current) },
  ].flatMap((part) => partChanges(part.place, part.released, part.current));
}

const itemOf = ({ items = true }: JsonSchema): JsonSchema | boolean => items;

/** `true` allows anything, `false` nothing. */
function partChanges(place: Place, released: JsonSchema | boolean, current: JsonSchema | boolean): Change[] {
  if (released === false || current === false) {
    if (released === current) return [];
    return [difference(place, released === false ? 'widened' : 'narrowed', released === false ? 'is new' : 'is gone')];
  }
  return changesAt(place, released === true ? {} : released, current === true ? {} : current);
}
