import { Failure, isFailure } from '@portico/schemas';
import { missesEndOfImage, withEndOfImage } from './complete-jpeg.ts';
import type { DecodedImage } from './decoded-image.ts';
import { flattenAlpha } from './flatten-alpha.ts';
import { hasKnownRange, isReadableFormat, sharp } from './image-library.ts';
import { refuseLargeImage } from './refuse-large-image.ts';
import { uprightPixels } from './upright-pixels.ts';
import { workingSize } from './working-size.ts';

export interface DecodeOptions {
  /** Originals of more pixels are refused. */
  readonly maxPixels: number;
  /** Originals of more pixels are decoded reduced to at most as many; 16 million unless told. */
  readonly workingPixels?: number;
}

/**
 * Decodes the first page or frame of a JPEG, PNG, WebP, TIFF, GIF or AVIF file, upright (EXIF orientation applied),
 * in sRGB and without transparency. The content decides the format, not the declared media type.
 *
 * @throws {Failure} `BAD_INPUT` when the file cannot be decoded, `TOO_LARGE` when it has more than `maxPixels` pixels or
 * more than its kind of file decodes within memory, known from its header before any pixel is decoded.
 */
export async function decodeImage(file: Uint8Array, options: DecodeOptions): Promise<DecodedImage> {
  const { maxPixels, workingPixels = 16e6 } = options;
  try {
    // `error` refuses truncated and corrupt files but not those with mere warnings, as some cameras write them.
    return await decode(file, 'error', maxPixels, workingPixels);
  } catch (error) {
    if (missesEndOfImage(error))
      return await decode(withEndOfImage(file), 'warning', maxPixels, workingPixels).catch(failure);
    return failure(error);
  }
}

async function decode(
  file: Uint8Array,
  failOn: 'error' | 'warning',
  maxPixels: number,
  workingPixels: number,
): Promise<DecodedImage> {
  // The limit on pixels is checked below, for a message of our own.
  const decoder = sharp(file, { failOn, limitInputPixels: false });
  const metadata = await decoder.metadata();
  if (!isReadableFormat(metadata.format, metadata.compression)) throw new Failure('BAD_INPUT', unreadable);
  if (!hasKnownRange(metadata)) throw new Failure('BAD_INPUT', unknownRange);
  refuseLargeImage(metadata, maxPixels, workingPixels);
  const original = metadata.autoOrient;
  const size = workingSize(original, workingPixels);
  if (size.width < original.width || size.height < original.height) decoder.resize({ ...size, fit: 'fill' });
  const { data, info } = await uprightPixels(decoder, metadata);
  const rgb = info.channels === 3 ? data : flattenAlpha(data, info.channels);
  return { data: rgb, width: info.width, height: info.height, original };
}

/** What libvips says when there is no memory for the pixels: the file is not to blame. */
const outOfMemory = /out of memory|unable to allocate|cannot allocate/i;

/** sharp has one kind of error for everything; a file that it cannot decode is the client's. */
function failure(error: unknown): never {
  if (isFailure(error)) throw error;
  if (error instanceof Error && outOfMemory.test(error.message))
    throw new Error(`out of memory: ${error.message}`, { cause: error });
  throw new Failure('BAD_INPUT', unreadable, { cause: error });
}

const unreadable =
  'The file cannot be decoded as an image: it is damaged, cut short or of another type than JPEG, PNG, WebP, TIFF, GIF or AVIF.';
const unknownRange =
  'The image has samples of 32 or more bits that do not say what white is; save it with 8 or 16 bits a sample.';
