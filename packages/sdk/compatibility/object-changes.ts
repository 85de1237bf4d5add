import type { Change } from './change.ts';
import type { JsonSchema } from './contract.ts';
import { difference, type Place } from './difference.ts';

type Compare = (place: Place, released: JsonSchema, current: JsonSchema) => Change[];

/** Differences between the properties of two objects. */
export function objectChanges(place: Place, released: JsonSchema, current: JsonSchema, compare: Compare): Change[] {
  const [properties = {}, propertiesNow = {}] = [released.properties, current.properties];
  const names = new Set([...Object.keys(properties), ...Object.keys(propertiesNow)]);
  return [
    ...[...names].flatMap((name) => {
      const at = { ...place, where: `${place.where}.${name}` };
      const [old, now] = [properties[name], propertiesNow[name]];
      const wasRequired = released.required?.includes(name) ?? false;
      const isRequired = current.required?.includes(name) ?? false;
      if (now === undefined) return [{ step: 'major', where: at.where, what: 'is gone' } as const];
      // Where the others had a schema of their own, a name is not new: it had that one.
      const others = typeof released.additionalProperties === 'object' ? released.additionalProperties : undefined;
      const before = old ?? others;
      if (before === undefined) return [newProperty(at, isRequired)];
      return [...requiredChanges(at, wasRequired, isRequired), ...compare(at, before, now)];
    }),
    ...otherPropertyChanges(place, released, current, compare),
  ];
}

/** Readers do not mind what they do not know; senders mind what they must know. */
const newProperty = ({ where, direction }: Place, isRequired: boolean): Change =>
  direction === 'input' && isRequired
    ? { step: 'major', where, what: 'is new and required' }
    : { step: 'minor', where, what: 'is new' };

function requiredChanges(place: Place, wasRequired: boolean, isRequired: boolean): Change[] {
  if (wasRequired === isRequired) return [];
  return [difference(place, isRequired ? 'narrowed' : 'widened', isRequired ? 'is required now' : 'is optional now')];
}

/** What properties without a name of their own may hold. That an answer has none of them is not promised. */
function otherPropertyChanges(place: Place, released: JsonSchema, current: JsonSchema, compare: Compare): Change[] {
  const at = { ...place, where: `${place.where}.*` };
  const [before, after] = [released, current].map(({ additionalProperties = true }) =>
    additionalProperties === false && place.direction === 'output' ? true : additionalProperties,
  );
  if (before === false || after === false) {
    if (before === after) return [];
    return [difference(at, after === false ? 'narrowed' : 'widened', after === false ? 'is refused' : 'is taken')];
  }
  return compare(at, typeof before === 'object' ? before : {}, typeof after === 'object' ? after : {});
}
