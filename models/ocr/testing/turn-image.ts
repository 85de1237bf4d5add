import { sharp } from '@portico/media';

/** The image turned clockwise, on a white ground with room for all of it. */
export const turnImage = (image: Uint8Array, degrees: number): Promise<Buffer> =>
  sharp(image).rotate(degrees, { background: 'white' }).png().toBuffer();
