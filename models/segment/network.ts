import { interleavedValues, resizeImage, type RgbImage, zeroToOne } from '@portico/media/image';
import { type LoadContext, type SessionSignature, Tensor } from '@portico/server/model';
import type { Plane } from './planes.ts';

/** How likely each place of an image shows a person, 0 to 1, seen at 256 × 256 pixels. */
export type Network = (image: RgbImage) => Promise<Plane>;

/** Of what the network sees, in pixels. */
export const side = 256;

const signature = {
  inputs: { input: { type: 'float32', shape: [1, side, side, 3] } },
  outputs: { output: { type: 'float32', shape: [1, side, side, 1] } },
} as const satisfies SessionSignature;

export async function loadNetwork(context: Pick<LoadContext, 'createSession'>, path: string): Promise<Network> {
  const session = await context.createSession(path, signature);
  return async (image) => {
    // Stretched without regard to the proportions, as in training.
    const seen = await resizeImage(image, { width: side, height: side, kernel: 'linear' });
    const input = new Tensor('float32', interleavedValues(seen, zeroToOne), [1, side, side, 3]);
    const { output } = await session.run({ input });
    return { values: output.data, width: side, height: side };
  };
}
