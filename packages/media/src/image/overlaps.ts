import type { Box } from '@portico/schemas';

/** Something that a network has found, as its coordinates in any unit. */
export interface Detection {
  /** 0 to 1. */
  readonly confidence: number;
  /** A box as its centre (x, y), width and height, then any other coordinates, such as x and y of landmarks. */
  readonly coordinates: readonly number[];
}

/** An object that a detector has found. */
export interface ClassifiedBox {
  readonly box: Box;
  /** 0 to 1. */
  readonly score: number;
  /** The class with this score, counted from 0. */
  readonly classIndex: number;
}

/** The area that two boxes share, by the area that either covers: 0 where they are apart, 1 where they are the same. */
export const intersectionOverUnion = (a: Box, b: Box): number => overlap(sidesOf(a), sidesOf(b));

/**
 * Non-maximum suppression: keeps the box with the highest score, drops all that overlap it by more than `maxOverlap`, and goes on
 * with the rest.
 *
 * @param scores one for each box, in any unit
 * @param maxOverlap intersection over union, 0 to 1
 * @returns the places of the kept boxes in `boxes`, the highest score first; of equal scores, the earlier box
 * @throws {RangeError} when there are not as many scores as boxes.
 */
export function suppressOverlaps(boxes: readonly Box[], scores: ArrayLike<number>, maxOverlap: number): number[] {
  if (boxes.length !== scores.length) throw new RangeError(`${boxes.length} boxes have ${scores.length} scores.`);
  const sides = boxes.map(sidesOf);
  const kept: number[] = [];
  for (const place of [...sides.keys()].sort((a, b) => scores[b]! - scores[a]!)) {
    if (kept.every((other) => overlap(sides[other]!, sides[place]!) <= maxOverlap)) kept.push(place);
  }
  return kept;
}

/** How much of what a detector has found is kept. */
export interface SuppressionLimits {
  /** Intersection over union, 0 to 1, above which two boxes of one class are one object. */
  readonly maxOverlap: number;
  /** The most boxes that are kept. */
  readonly maxCount: number;
}

/**
 * Non-maximum suppression among the boxes of each class: a bicycle does not suppress its rider.
 *
 * @param found in any unit; they may come in any order
 * @returns the kept ones, the highest score first
 */
export function suppressByClass<Found extends ClassifiedBox>(
  found: readonly Found[],
  { maxOverlap, maxCount }: SuppressionLimits,
): Found[] {
  const kept: Found[] = [];
  const keptSides = new Map<number, Sides[]>();
  for (const each of [...found].sort((a, b) => b.score - a.score)) {
    if (kept.length >= maxCount) break;
    const others = keptSides.get(each.classIndex) ?? [];
    const sides = sidesOf(each.box);
    if (others.some((other) => overlap(other, sides) > maxOverlap)) continue;
    others.push(sides);
    keptSides.set(each.classIndex, others);
    kept.push(each);
  }
  return kept;
}

/**
 * Weighted non-maximum suppression, as MediaPipe does it for BlazeFace: the surest detection and all that overlap it by more than
 * `maxOverlap` become one, with their mean coordinates, weighted by confidence, and the confidence of the surest; then the surest
 * of the rest, and so on. Several guesses at one object make a steadier result than the best of them.
 * Bazarevsky et al.: BlazeFace, 2019, "Post-processing", https://arxiv.org/abs/1907.05047
 *
 * @param detections with as many coordinates each
 * @param maxOverlap intersection over union of the boxes, 0 to 1
 * @returns the surest first, no two of which overlap by more than `maxOverlap`; the order of the input does not matter
 */
export function blendOverlaps(detections: readonly Detection[], maxOverlap: number): Detection[] {
  const kept: Sided[] = [];
  let rest = detections.map(withSides).sort(surestFirst);
  for (let [surest] = rest; surest !== undefined; [surest] = rest) {
    const best = surest;
    const isPartOfBest = (other: Sided): boolean => other === best || overlap(best.sides, other.sides) > maxOverlap;
    const blended = blend(rest.filter(isPartOfBest));
    rest = rest.filter((other) => !isPartOfBest(other));
    // A mean may lie nearer to a surer one than its parts did.
    if (kept.every((other) => overlap(other.sides, blended.sides) <= maxOverlap)) kept.push(blended);
  }
  return kept.map(({ detection }) => detection);
}

interface Sides {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly area: number;
}

interface Sided {
  readonly detection: Detection;
  readonly sides: Sides;
}

const sidesOf = ({ x, y, width, height }: Box): Sides => ({
  left: x,
  top: y,
  right: x + width,
  bottom: y + height,
  area: width * height,
});

function withSides(detection: Detection): Sided {
  const [x = 0, y = 0, width = 0, height = 0] = detection.coordinates;
  const [left, right] = [x - width / 2, x + width / 2];
  const [top, bottom] = [y - height / 2, y + height / 2];
  return { detection, sides: { left, top, right, bottom, area: width * height } };
}

function overlap(a: Sides, b: Sides): number {
  const width = Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left));
  const height = Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const shared = width * height;
  const either = a.area + b.area - shared;
  return either > 0 ? shared / either : 0;
}

/** The mean of detections, of which the first is the surest. */
function blend(parts: readonly Sided[]): Sided {
  const [first] = parts;
  const total = sum(parts.map(({ detection }) => detection.confidence));
  // Confidences this small can add up to nothing.
  if (!(total > 0)) return first!;
  const { confidence, coordinates } = first!.detection;
  const mean = coordinates.map((_, at) =>
    sum(parts.map(({ detection }) => (detection.coordinates[at]! * detection.confidence) / total)),
  );
  return withSides({ confidence, coordinates: mean });
}

/** By confidence; equals by their coordinates, so that no order is left to chance. */
function surestFirst({ detection: a }: Sided, { detection: b }: Sided): number {
  if (a.confidence !== b.confidence) return b.confidence - a.confidence;
  const at = a.coordinates.findIndex((value, index) => value !== b.coordinates[index]);
  return at === -1 ? 0 : a.coordinates[at]! - b.coordinates[at]!;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
