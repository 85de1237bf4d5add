import type { Box } from '../box.ts';

/**
 * Grows a box back to the outline of its text: training shrinks the outline by area × ratio / perimeter on every side
 * (DB, https://arxiv.org/abs/1911.08947, section 3.5), so the same distance is added.
 */
export function unclip(box: Box, ratio: number): Box {
  const width = box.right - box.left;
  const height = box.bottom - box.top;
  const distance = (width * height * ratio) / (2 * (width + height));
  return {
    left: box.left - distance,
    top: box.top - distance,
    right: box.right + distance,
    bottom: box.bottom + distance,
  };
}
