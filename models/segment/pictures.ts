import { type RgbImage, sharp, type Sharp, type Size } from '@portico/media/image';
import { Failure } from '@portico/schemas';

/**
 * On a PNG's way into JSON the engine holds it some six times, and the gateway twice. Some 25 megapixels of person stay
 * below the limit.
 */
const maxPngBytes = 40 * 1024 * 1024;
/** Higher levels take several times as long and save little. */
const compressionLevel = 3;

/** The mask as an 8-bit grey PNG. */
export const maskPng = (mask: Uint8Array, size: Size): Promise<Buffer> =>
  encode(sharp(mask, rawOptions(size, 1)).toColourspace('b-w'));

/** The image as a PNG with the mask as its transparency. */
export const cutoutPng = (image: RgbImage, mask: Uint8Array): Promise<Buffer> =>
  encode(
    sharp(image.data, rawOptions(image, 3)).joinChannel(
      Buffer.from(mask.buffer, mask.byteOffset, mask.byteLength),
      rawOptions(image, 1),
    ),
  );

const rawOptions = (
  { width, height }: Size,
  channels: 1 | 3,
): { raw: Size & { channels: 1 | 3 }; limitInputPixels: false } => ({
  raw: { width, height, channels },
  limitInputPixels: false,
});

async function encode(picture: Sharp): Promise<Buffer> {
  const png = await picture.png({ compressionLevel }).toBuffer();
  if (png.length <= maxPngBytes) return png;
  const mebibytes = (bytes: number): number => Math.ceil(bytes / 1024 / 1024);
  throw new Failure(
    'TOO_LARGE',
    `The picture takes ${mebibytes(png.length)} MiB as a PNG; the limit is ${mebibytes(maxPngBytes)} MiB. Send a smaller image, or request the mask.`,
  );
}
