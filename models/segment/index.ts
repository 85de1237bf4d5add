import { segment } from '@portico/schemas';
import { localFile, registerModel } from '@portico/server';

/** MediaPipe's selfie segmentation (Apache-2.0), converted to ONNX; see README.md for its source. */
export const segmentModel = registerModel({
  task: segment,
  implementation: new URL('./model.js', import.meta.url),
  variants: {
    selfie: {
      weights: {
        network: localFile(
          'segment/weights/selfie_segmentation_256.onnx',
          '8bece10952a35a7d265a8e0f9aa98a8e99969c70a994ce9adcc3b718d55e426a',
        ),
      },
    },
  },
  /** Cut-outs of 12 megapixels hold 330 MB, of 50 megapixels 680 MB. */
  memoryMegabytes: 768,
});
