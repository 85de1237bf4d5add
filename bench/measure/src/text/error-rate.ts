import { editDistance } from './edit-distance.ts';

/** Edits per expected item, 0 or more. Where nothing is expected, anything that was read is one whole error. */
export function errorRate<T>(actual: readonly T[], expected: readonly T[]): number {
  if (expected.length === 0) return actual.length === 0 ? 0 : 1;
  return editDistance(actual, expected) / expected.length;
}
