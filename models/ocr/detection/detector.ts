import { float32Data, type LoadContext, type SessionSignature, Tensor } from '@portico/server/model';
import { channelPlanes, type Normalisation, resizeRegion, type RgbImage } from '@portico/media';
import type { Point } from '../geometry/quad.ts';
import { detectionSize } from './detection-size.ts';
import { type TextRegion, textRegions } from './text-regions.ts';
import { turnBack } from './turn-back.ts';

/**
 * Finds the regions of text in an image, in no particular order. Text that is turned by more than some 20 degrees is
 * found in pieces, if at all: `tilt` says by how many degrees clockwise, and the image is looked at the other way turned.
 */
export type Detector = (image: RgbImage, maxSideLength: number, tilt?: number) => Promise<TextRegion[]>;

const inputName = 'x';
const outputName = 'sigmoid_0.tmp_0';

const signature: SessionSignature = {
  inputs: { [inputName]: { type: 'float32', shape: [null, 3, null, null] } },
  outputs: { [outputName]: { type: 'float32', shape: [null, 1, null, null] } },
};

/** The statistics of ImageNet, which PP-OCR's detection was trained with. */
const normalisation: Normalisation = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

export async function loadDetector(context: Pick<LoadContext, 'createSession'>, path: string): Promise<Detector> {
  const session = await context.createSession(path, signature);
  return async (image, maxSideLength, tilt = 0) => {
    const size = detectionSize(image, maxSideLength);
    const whole = { left: 0, top: 0, width: image.width, height: image.height };
    const resized = await resizeRegion(image, whole, { ...size, kernel: 'linear' });
    const { image: seen, toOriginal } =
      tilt === 0 ? { image: resized, toOriginal: samePlace } : turnBack(resized, tilt);
    const tensor = new Tensor('float32', channelPlanes(seen, normalisation), [1, 3, seen.height, seen.width]);
    const outputs = await session.run({ [inputName]: tensor });
    const map = { data: float32Data(outputs, outputName), width: seen.width, height: seen.height };
    return textRegions(map, (point) => {
      const { x, y } = toOriginal(point);
      return { x: (x * image.width) / size.width, y: (y * image.height) / size.height };
    });
  };
}

const samePlace = (point: Point): Point => point;
