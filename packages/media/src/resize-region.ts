import { sharp } from './image-library.ts';
import type { RgbImage } from './rgb-image.ts';

/** A rectangle in whole pixels from the image's top left corner; it lies inside the image and has an area. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface ResizeTarget {
  readonly width: number;
  readonly height: number;
  readonly kernel: ResizeKernel;
}

/** How pixels in between are made: `linear` is fast, `cubic` keeps edges sharper. */
export type ResizeKernel = 'linear' | 'cubic';

/** Stretches a part of an image to exactly `target` pixels, averaging where it shrinks. */
export async function resizeRegion(image: RgbImage, region: Region, target: ResizeTarget): Promise<RgbImage> {
  const data = await sharp(image.data, {
    raw: { width: image.width, height: image.height, channels: 3 },
    limitInputPixels: false,
  })
    .extract(region)
    .resize({ width: target.width, height: target.height, fit: 'fill', kernel: target.kernel })
    .raw()
    .toBuffer();
  return { data, width: target.width, height: target.height };
}
