import { type Candidate, overlap, shapeLength } from './candidate.ts';

/** MediaPipe's threshold for its face detection. */
export const maxOverlap = 0.3;

/**
 * Weighted non-maximum suppression as MediaPipe does it: the surest candidate and all that overlap it become one, with
 * the mean shape, weighted by confidence, and the confidence of the surest; then the surest of the rest, and so on.
 *
 * @returns the surest first, no two of which overlap by more than `maxOverlap`; the order of the input does not matter.
 */
export function suppress(candidates: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  let rest = candidates.toSorted(surestFirst);
  for (let [surest] = rest; surest !== undefined; [surest] = rest) {
    const best = surest;
    const blended = blend(rest.filter((other) => other === best || overlap(best, other) > maxOverlap));
    rest = rest.filter((other) => other !== best && overlap(best, other) <= maxOverlap);
    // A mean may lie nearer to a surer face than its parts did.
    if (kept.every((other) => overlap(other, blended) <= maxOverlap)) kept.push(blended);
  }
  return kept;
}

/** The mean shape of candidates, of which the first is the surest. */
function blend(candidates: readonly Candidate[]): Candidate {
  const confidence = candidates[0]!.confidence;
  const total = sum(candidates.map((candidate) => candidate.confidence));
  // Confidences this small can add up to nothing.
  if (!(total > 0)) return candidates[0]!;
  const shape = Array.from({ length: shapeLength }, (_, at) =>
    sum(candidates.map((candidate) => (candidate.shape[at]! * candidate.confidence) / total)),
  );
  return { confidence, shape };
}

/** By confidence; equals by their coordinates, so that no order is left to chance. */
function surestFirst(a: Candidate, b: Candidate): number {
  if (a.confidence !== b.confidence) return b.confidence - a.confidence;
  const at = a.shape.findIndex((value, index) => value !== b.shape[index]);
  return at === -1 ? 0 : a.shape[at]! - b.shape[at]!;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
