import { Failure, isFailure } from '@portico/schemas';
import { flattenAlpha } from './flatten-alpha.ts';
import { isReadableFormat, sharp } from './image-library.ts';
import type { RgbImage } from './rgb-image.ts';

/**
 * Decodes the first page or frame of a JPEG, PNG, WebP, TIFF, GIF or AVIF file, upright (EXIF orientation applied),
 * in sRGB and without transparency. The content decides the format, not the declared media type.
 *
 * @throws {Failure} `BAD_INPUT` when the file cannot be decoded, `TOO_LARGE` when it has more than `maxPixels` pixels,
 * known from its header before any pixel is decoded.
 */
export async function decodeImage(file: Uint8Array, maxPixels: number): Promise<RgbImage> {
  const { data, info } = await sharpWords(async () => {
    // `error` refuses truncated and corrupt files but not those with mere warnings, as some cameras write them.
    // The limit on pixels is checked below, for a message of our own.
    const decoder = sharp(file, { failOn: 'error', limitInputPixels: false });
    const { format, compression, width, height } = await decoder.metadata();
    if (!isReadableFormat(format, compression)) throw new Failure('BAD_INPUT', unreadable);
    refuseTooManyPixels(width, height, maxPixels);
    return decoder.autoOrient().toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  });
  const rgb = info.channels === 3 ? data : flattenAlpha(data, info.channels);
  return { data: rgb, width: info.width, height: info.height };
}

/** What libvips says when there is no memory for the pixels: the file is not to blame. */
const outOfMemory = /out of memory|unable to allocate|cannot allocate/i;

/** sharp has one kind of error for everything; a file that it cannot decode is the caller's. */
async function sharpWords<Result>(decode: () => Promise<Result>): Promise<Result> {
  try {
    return await decode();
  } catch (error) {
    if (isFailure(error)) throw error;
    if (error instanceof Error && outOfMemory.test(error.message))
      throw new Error(`out of memory: ${error.message}`, { cause: error });
    throw new Failure('BAD_INPUT', unreadable, { cause: error });
  }
}

const unreadable =
  'The file cannot be decoded as an image: it is damaged, cut short or of another type than JPEG, PNG, WebP, TIFF, GIF or AVIF.';

function refuseTooManyPixels(width: number, height: number, maxPixels: number): void {
  if (width * height <= maxPixels) return;
  throw new Failure(
    'TOO_LARGE',
    `The image has ${width} × ${height} pixels (${megapixels(width * height)} megapixels); the limit is ${megapixels(maxPixels)} megapixels.`,
  );
}

const megapixels = (pixels: number): string => String(Number((pixels / 1e6).toPrecision(3)));
