import type { ModelSettings } from '../model.ts';
import { localFile } from '../weights/weights-file.ts';

/** MediaPipe's selfie segmentation (Apache-2.0), converted to ONNX by tools/tflite-to-onnx. */
export const segmentSettings: ModelSettings = {
  variants: {
    selfie: {
      weights: {
        network: localFile(
          'weights/selfie_segmentation_256.onnx',
          'a4107635f380de4021907eb1809c730e51e97d5d3e4315e5a07830226cd95f48',
        ),
      },
    },
  },
};
