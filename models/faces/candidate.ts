/** A face that the network may have seen. */
export interface Candidate {
  /** Probability, 0 to 1. */
  readonly confidence: number;
  /**
   * Sixteen coordinates as shares of the input's side: the box's centre (x, y), its width and height, then x and y of
   * right eye, left eye, nose, mouth, right ear and left ear; left and right are the person's own.
   */
  readonly shape: readonly number[];
}

export const shapeLength = 16;

/** Area that two candidates' boxes share, over the area that either covers: 0 to 1. */
export function overlap(a: Candidate, b: Candidate): number {
  const [ax = 0, ay = 0, aWidth = 0, aHeight = 0] = a.shape;
  const [bx = 0, by = 0, bWidth = 0, bHeight = 0] = b.shape;
  const width = shared(ax, aWidth, bx, bWidth);
  const height = shared(ay, aHeight, by, bHeight);
  const common = width * height;
  const either = aWidth * aHeight + bWidth * bHeight - common;
  return either > 0 ? common / either : 0;
}

/** Length that two spans, each given by its centre and length, have in common. */
const shared = (a: number, aLength: number, b: number, bLength: number): number =>
  Math.max(0, Math.min(a + aLength / 2, b + bLength / 2) - Math.max(a - aLength / 2, b - bLength / 2));
