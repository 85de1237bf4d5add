import { boxOnOriginal, type Detection, type Letterbox, pointOnOriginal } from '@portico/media/image';
import type { Face, Point } from '@portico/schemas';

/** Turns shares of the letterbox's square into pixels of the upright original, to a tenth of a pixel. */
export function toFace({ confidence, coordinates }: Detection, letterbox: Letterbox): Face {
  const side = letterbox.image.width;
  const [x = 0, y = 0, width = 0, height = 0] = coordinates.map((share) => share * side);
  const box = boxOnOriginal(letterbox, { x: x - width / 2, y: y - height / 2, width, height });
  const point = (at: number): Point => {
    const { x, y } = pointOnOriginal(letterbox, { x: coordinates[at]! * side, y: coordinates[at + 1]! * side });
    return { x: tenths(x), y: tenths(y) };
  };
  return {
    box: { x: tenths(box.x), y: tenths(box.y), width: tenths(box.width), height: tenths(box.height) },
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
