import type { Face, Point } from '@portico/schemas';
import type { DecodedImage } from '@portico/media';
import type { Candidate } from './candidate.ts';
import type { Letterbox } from './letterbox.ts';

/** Turns shares of the square into pixels of the upright original, to a tenth of a pixel. */
export function toFace(candidate: Candidate, box: Letterbox, original: DecodedImage['original']): Face {
  const { confidence, shape } = candidate;
  const side = box.square.width;
  const across = (share: number): number => (share * side * original.width) / box.width;
  const down = (share: number): number => (share * side * original.height) / box.height;
  const point = (at: number): Point => ({
    x: tenths(across(shape[at]! - box.left / side)),
    y: tenths(down(shape[at + 1]! - box.top / side)),
  });
  const [x = 0, y = 0, width = 0, height = 0] = shape;
  return {
    box: {
      x: tenths(across(x - width / 2 - box.left / side)),
      y: tenths(down(y - height / 2 - box.top / side)),
      width: tenths(across(width)),
      height: tenths(down(height)),
    },
    confidence,
    landmarks: {
      leftEye: point(6),
      rightEye: point(4),
      nose: point(8),
      mouth: point(10),
      leftEar: point(14),
      rightEar: point(12),
    },
  };
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
