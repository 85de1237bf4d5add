import type { Box } from '../box.ts';
import { connectedComponents } from './connected-components.ts';
import type { ImageSize } from './detection-size.ts';
import type { ProbabilityMap } from './probability-map.ts';
import { unclip } from './unclip.ts';

// PaddleOCR's defaults for PP-OCRv4.
const pixelThreshold = 0.3;
const boxThreshold = 0.6;
const unclipRatio = 1.5;
const minSide = 3;
const maxCandidates = 1000;

/**
 * The boxes of text in a probability map, in whole pixels of the image that it was made from and inside of it:
 * the post-processing of DB (https://arxiv.org/abs/1911.08947) for upright boxes.
 */
export function textBoxes(map: ProbabilityMap, image: ImageSize): Box[] {
  const scaleX = image.width / map.width;
  const scaleY = image.height / map.height;
  return connectedComponents(map, pixelThreshold, maxCandidates)
    .filter(
      ({ box, score }) => Math.min(box.right - box.left, box.bottom - box.top) >= minSide && score >= boxThreshold,
    )
    .map(({ box }) => unclip(box, unclipRatio))
    .map((box) => ({
      left: Math.max(0, Math.floor(box.left * scaleX)),
      top: Math.max(0, Math.floor(box.top * scaleY)),
      right: Math.min(image.width, Math.ceil(box.right * scaleX)),
      bottom: Math.min(image.height, Math.ceil(box.bottom * scaleY)),
    }));
}
