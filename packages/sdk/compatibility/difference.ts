import type { Change, Step } from './change.ts';

/** Which way values go: callers send inputs, and read outputs. */
export type Direction = 'input' | 'output';

/** What became of the values that are allowed: fewer, more, or neither can be told from the other. */
export type Effect = 'narrowed' | 'widened' | 'changed';

/**
 * The step that such a difference needs. Who sends must be able to go on sending, so inputs may only be widened;
 * who reads must not meet what he does not know, so outputs may only be narrowed.
 */
export function stepOf(effect: Effect, direction: Direction): Step {
  const harmless: Effect = direction === 'input' ? 'widened' : 'narrowed';
  return effect === harmless ? 'minor' : 'major';
}

/** Two schemas that are compared, and where they stand. Nothing in them is a reference. */
export interface Place {
  readonly where: string;
  readonly direction: Direction;
}

/** A difference in the values that are allowed at a place. */
export const difference = ({ where, direction }: Place, effect: Effect, what: string): Change => ({
  step: stepOf(effect, direction),
  where,
  what,
});

/** The same in a message as in the schema. */
export const json = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
