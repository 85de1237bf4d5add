import { mapPlane, type Plane } from './plane.ts';
import type { RgbImage } from '@portico/media';

/** How bright a pixel is, 0 to 1 (ITU-R BT.601); `at` is where its three bytes start. */
export const lumaAt = (data: Uint8Array, at: number): number =>
  (0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!) / 255;

export const lumaOf = (image: RgbImage): Plane => mapPlane(image, (index) => lumaAt(image.data, 3 * index));
