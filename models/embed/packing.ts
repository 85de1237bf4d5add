import type { Device } from '@portico/schemas';

/** What a run of the network costs, in tokens with padding. */
export interface RunCost {
  /** Tokens of the largest run; a text that is longer by itself has a run of its own. */
  readonly budget: number;
  /** What a run costs beside its tokens. */
  readonly overhead: number;
}

/**
 * On a CPU core larger runs than 512 tokens do not fit its cache: MiniLM reads 4 600 tokens a second in runs of 200 to 500 tokens,
 * 4 200 in runs of 1 500 and 3 100 in runs of 8 000, and 3 000 in runs of 12 for what each run costs beside. Not measured on GPUs,
 * which want far larger runs.
 */
export const runCost = (device: Device): RunCost =>
  device === 'cpu' ? { budget: 512, overhead: 8 } : { budget: 16_384, overhead: 256 };

/**
 * Divides rows of different lengths among runs, each as long as its longest row, so that all together cost least: as many tokens
 * with padding as there are, and an overhead for each run. Rows that would need more padding than a run costs thus run apart.
 *
 * @returns the rows' places in `lengths`, run by run, the shortest first
 */
export function packRows(lengths: readonly number[], { budget, overhead }: RunCost): number[][] {
  const places = [...lengths.keys()].sort((one, other) => lengthAt(one) - lengthAt(other));
  /** The least that the first rows cost, and how many of them are in the last of their runs. */
  const least = [{ cost: 0, last: 0 }];
  for (let end = 1; end <= places.length; end += 1) {
    const longest = lengthAt(places[end - 1]!);
    let best = { cost: Infinity, last: 1 };
    for (let rows = 1; rows <= end && (rows === 1 || rows * longest <= budget); rows += 1) {
      const cost = least[end - rows]!.cost + overhead + rows * longest;
      if (cost < best.cost) best = { cost, last: rows };
    }
    least.push(best);
  }
  const runs: number[][] = [];
  for (let end = places.length; end > 0; end -= least[end]!.last) runs.push(places.slice(end - least[end]!.last, end));
  return runs.toReversed();

  function lengthAt(place: number): number {
    return lengths[place] ?? 0;
  }
}
