import type { Metadata, OutputInfo, Sharp } from 'sharp';

/** The pixels of an image as they are to be seen: upright, in sRGB, 8 bits a channel. */
export async function uprightPixels(
  decoder: Sharp,
  { space }: Pick<Metadata, 'space'>,
): Promise<{ readonly data: Buffer; readonly info: OutputInfo }> {
  // From 16 bits sharp would go to P3 by the file's profile, and leave it there.
  if (space === 'rgb16') decoder.pipelineColourspace('srgb');
  return decoder.autoOrient().toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
}
