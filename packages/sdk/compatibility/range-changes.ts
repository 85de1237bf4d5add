import type { Change } from './change.ts';
import type { JsonSchema } from './contract.ts';
import { difference, type Place } from './difference.ts';

/** Keywords that bound numbers; the two of one end are compared as one. */
export const rangeKeywords = ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum'];

/** One end of a range. */
interface Bound {
  readonly value: number;
  /** Whether the value itself is out of the range. */
  readonly isOpen: boolean;
}

/** Differences in which numbers are allowed. */
export function rangeChanges(place: Place, released: JsonSchema, current: JsonSchema): Change[] {
  const [least, leastNow] = [lowerBound(released), lowerBound(current)];
  const [most, mostNow] = [upperBound(released), upperBound(current)];
  return [
    ...(isSame(least, leastNow)
      ? []
      : [
          difference(
            place,
            isAbove(leastNow, least) ? 'narrowed' : 'widened',
            `${lower(least)} became ${lower(leastNow)}`,
          ),
        ]),
    ...(isSame(most, mostNow)
      ? []
      : [
          difference(place, isBelow(mostNow, most) ? 'narrowed' : 'widened', `${upper(most)} became ${upper(mostNow)}`),
        ]),
  ];
}

function lowerBound(schema: JsonSchema): Bound {
  const closed = { value: numberAt(schema, 'minimum', -Infinity), isOpen: false };
  const open = opened(schema, numberAt(schema, 'exclusiveMinimum', -Infinity), 1);
  return isAbove(open, closed) ? open : closed;
}

function upperBound(schema: JsonSchema): Bound {
  const closed = { value: numberAt(schema, 'maximum', Infinity), isOpen: false };
  const open = opened(schema, numberAt(schema, 'exclusiveMaximum', Infinity), -1);
  return isBelow(open, closed) ? open : closed;
}

/** More than 0 is at least 1 where numbers are whole. */
function opened({ type }: JsonSchema, value: number, next: 1 | -1): Bound {
  if (!Number.isFinite(value)) return { value, isOpen: false };
  return type === 'integer' && Number.isInteger(value)
    ? { value: value + next, isOpen: false }
    : { value, isOpen: true };
}

function numberAt(schema: JsonSchema, keyword: string, otherwise: number): number {
  const value = schema[keyword];
  return typeof value === 'number' ? value : otherwise;
}

const isSame = (one: Bound, other: Bound): boolean => one.value === other.value && one.isOpen === other.isOpen;
const isAbove = (one: Bound, other: Bound): boolean =>
  one.value > other.value || (one.value === other.value && one.isOpen && !other.isOpen);
const isBelow = (one: Bound, other: Bound): boolean =>
  one.value < other.value || (one.value === other.value && one.isOpen && !other.isOpen);

const lower = ({ value, isOpen }: Bound): string =>
  Number.isFinite(value) ? `${isOpen ? 'more than' : 'at least'} ${value}` : 'any least';
const upper = ({ value, isOpen }: Bound): string =>
  Number.isFinite(value) ? `${isOpen ? 'less than' : 'at most'} ${value}` : 'any most';
