import type { Means } from '../evaluate/score.ts';
import type { Bounds } from '../read-set/read-bounds.ts';

/** A sentence for each category whose mean character error rate is over its bound, or that has no images. */
export function exceeded(categories: Readonly<Record<string, Means>>, bounds: Bounds): readonly string[] {
  return Object.entries(bounds).flatMap(([category, bound]) => {
    const rate = categories[category]?.characterErrorRate;
    if (rate === undefined) return [`${category} has a bound and no images.`];
    return rate <= bound ? [] : [`${category} has a CER of ${rate.toFixed(4)}; at most ${bound} is allowed.`];
  });
}
