import { Failure, isFailure } from '@portico/schemas';
import { tilePixels } from './avif-tiles.ts';
import { firstPicture } from './first-picture.ts';
import { refuseLargeImage, refuseManyTiles, workingSize } from './image-limits.ts';
import { refuseCrowdedHead, refuseManyScans } from './jpeg-segments.ts';
import type { RgbImage, Size } from './rgb-image.ts';
import { hasKnownRange, isReadableFormat, sharp } from './sharp.ts';
import { flattenAlpha, separateAlpha } from './transparency.ts';

const defaultWorkingPixels = 16e6;

/** libvips' words for no memory left for the pixels: not the file's fault. */
const outOfMemory = /out of memory|unable to allocate|cannot allocate/i;

const unreadable =
  'The file cannot be decoded as an image: it is damaged, cut short or of another type than JPEG, PNG, WebP, TIFF, GIF or AVIF.';
const unknownRange =
  'The image has samples of 32 or more bits that do not say what white is; save it with 8 or 16 bits a sample.';

export interface DecodeOptions {
  /** Pixels that the original may have; a larger one is refused before any pixel is decoded. */
  readonly maxPixels: number;
  /**
   * Pixels of the result: a larger original is decoded reduced to at most as many. No side exceeds 30 000 pixels either way.
   *
   * @default 16_000_000
   */
  readonly workingPixels?: number;
}

/** Pixels to work on, and the size of the upright original: `width` and `height` are smaller where it was decoded reduced. */
export interface DecodedImage extends RgbImage {
  readonly original: Size;
}

/** An upright original with all its pixels. */
export interface OriginalImage extends RgbImage {
  /** `width * height` bytes, 255 where the pixel is opaque; undefined where the file has no transparency. */
  readonly opacity: Uint8Array | undefined;
}

/**
 * Decodes the first page or frame of a JPEG, PNG, WebP, TIFF, GIF or AVIF file to 8-bit sRGB, upright (EXIF orientation
 * applied). Transparent pixels lie on white, or on black where the content is bright. The bytes decide the format, not the
 * declared media type. A JPEG that lacks nothing but its end marker is decoded all the same.
 *
 * @throws {Failure} `BAD_INPUT` when the file cannot be decoded; `TOO_LARGE` when it has more than `maxPixels` pixels, or
 * more than its format decodes within 320 MB.
 */
export async function decodeImage(file: Uint8Array, options: DecodeOptions): Promise<DecodedImage> {
  const { maxPixels, workingPixels = defaultWorkingPixels } = options;
  const { data, channels, original, ...size } = await decodeUpright(file, maxPixels, workingPixels);
  return { data: channels === 3 ? data : flattenAlpha(data, channels), ...size, original };
}

/**
 * Decodes a file as `decodeImage` does, but never reduced, and with its transparency apart from its colours.
 *
 * @throws {Failure} as `decodeImage` does. Formats that take much memory (AVIF, WebP, GIF, progressive JPEG, interlaced PNG)
 * are refused with fewer pixels than there.
 */
export async function decodeOriginal(
  file: Uint8Array,
  { maxPixels }: Pick<DecodeOptions, 'maxPixels'>,
): Promise<OriginalImage> {
  const { data, channels, width, height } = await decodeUpright(file, maxPixels);
  if (channels === 3) return { data, width, height, opacity: undefined };
  const { colours, alpha } = separateAlpha(data, channels);
  return { data: colours, width, height, opacity: alpha };
}

/** Pixels as sharp gives them: 3 channels, or 4 and more with alpha as the fourth. */
interface UprightPixels extends DecodedImage {
  readonly channels: number;
}

async function decodeUpright(whole: Uint8Array, maxPixels: number, workingPixels?: number): Promise<UprightPixels> {
  refuseCrowdedHead(whole);
  const file = firstPicture(whole);
  try {
    // `error` refuses truncated and corrupt files but not those with mere warnings, as some cameras write them.
    return await decode(file, 'error', maxPixels, workingPixels);
  } catch (error) {
    if (!lacksEndMarker(error)) throw failureOf(error);
    // If pixels are missing too, libvips warns of it once the marker is there.
    const completed = Buffer.concat([file, Uint8Array.of(0xff, 0xd9)]);
    return await decode(completed, 'warning', maxPixels, workingPixels).catch((error: unknown) => {
      throw failureOf(error);
    });
  }
}

async function decode(
  file: Uint8Array,
  failOn: 'error' | 'warning',
  maxPixels: number,
  workingPixels: number | undefined,
): Promise<UprightPixels> {
  // `refuseLargeImage` checks the limit on pixels, with a message of our own.
  const decoder = sharp(file, { failOn, limitInputPixels: false });
  const metadata = await decoder.metadata();
  if (!isReadableFormat(metadata.format, metadata.compression)) throw new Failure('BAD_INPUT', unreadable);
  if (!hasKnownRange(metadata)) throw new Failure('BAD_INPUT', unknownRange);
  refuseLargeImage(metadata, maxPixels, workingPixels ?? maxPixels);
  if (metadata.format === 'jpeg' && metadata.isProgressive) refuseManyScans(file);
  if (metadata.format === 'heif') refuseManyTiles(tilePixels(file), maxPixels);
  const original = metadata.autoOrient;
  const size = workingPixels === undefined ? original : workingSize(original, workingPixels);
  if (size.width < original.width || size.height < original.height) decoder.resize({ ...size, fit: 'fill' });
  // Sharp would take 16 bits to P3 by the file's profile, and leave them there.
  if (metadata.space === 'rgb16') decoder.pipelineColourspace('srgb');
  const upright = decoder.autoOrient().toColourspace('srgb').raw({ depth: 'uchar' });
  const { data, info } = await upright.toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels, original };
}

/** Whether libvips missed the end of a JPEG: its last marker, and perhaps pixels before it. */
const lacksEndMarker = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('premature end of JPEG');

/** sharp has one kind of error for everything; a file that it cannot decode is the client's. */
function failureOf(error: unknown): Error {
  if (isFailure(error)) return error;
  if (error instanceof Error && outOfMemory.test(error.message))
    return new Error(`out of memory: ${error.message}`, { cause: error });
  return new Failure('BAD_INPUT', unreadable, { cause: error });
}
