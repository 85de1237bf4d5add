export type ArrivalKind = 'constant' | 'poisson';

/**
 * Milliseconds after the start at which requests arrive: evenly spaced, or as independent clients come (exponentially
 * distributed gaps).
 */
export function* arrivals(
  kind: ArrivalKind,
  perSecond: number,
  seconds: number,
  random: () => number = Math.random,
): Generator<number> {
  const meanGap = 1_000 / perSecond;
  const end = seconds * 1_000;
  for (let at = 0, turn = 0; at < end; turn += 1) {
    yield at;
    at = kind === 'constant' ? (turn + 1) * meanGap : at - Math.log(1 - random()) * meanGap;
  }
}
