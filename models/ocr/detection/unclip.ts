import { grow, heightOf, type Quad, widthOf } from '../geometry/quad.ts';

/** PaddleOCR's default for PP-OCRv4. */
const ratio = 1.5;

/**
 * Grows a rectangle back to the outline of its text: training shrinks the outline by area × ratio / perimeter on every
 * side (DB, https://arxiv.org/abs/1911.08947, section 3.5), so the same distance is added.
 */
export function unclip(quad: Quad): Quad {
  const width = widthOf(quad);
  const height = heightOf(quad);
  return grow(quad, (width * height * ratio) / (2 * (width + height)));
}
