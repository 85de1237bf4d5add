import { Tensor } from 'onnxruntime-node';
import { channelPlanes, type Normalisation } from '../../media/channel-planes.ts';
import { resizeRegion } from '../../media/resize-region.ts';
import type { RgbImage } from '../../media/rgb-image.ts';
import type { LoadContext } from '../../model.ts';
import type { SessionSignature } from '../../session.ts';
import { float32Data } from '../float32-data.ts';
import { detectionSize } from './detection-size.ts';
import { type TextRegion, textRegions } from './text-regions.ts';

/** Finds the regions of text in an image, in no particular order. */
export type Detector = (image: RgbImage, maxSideLength: number) => Promise<TextRegion[]>;

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
  return async (image, maxSideLength) => {
    const size = detectionSize(image, maxSideLength);
    const whole = { left: 0, top: 0, width: image.width, height: image.height };
    const planes = channelPlanes(await resizeRegion(image, whole, { ...size, kernel: 'linear' }), normalisation);
    const outputs = await session.run({
      [inputName]: new Tensor('float32', planes, [1, 3, size.height, size.width]),
    });
    return textRegions({ data: float32Data(outputs, outputName), ...size }, image);
  };
}
