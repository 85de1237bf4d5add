import { faces } from '@portico/schemas';
import { localFile, registerModel } from '@portico/server';

/** MediaPipe's BlazeFace (Apache-2.0), converted to ONNX; see README.md for its source. */
export const facesModel = registerModel({
  task: faces,
  implementation: new URL('./model.js', import.meta.url),
  // Pictures of 12 megapixels hold 400, and 540 while the costliest of them are decoded.
  memoryMegabytes: 640,
  variants: {
    /** For pictures as phones take them with the camera at their back; it looks at 256 × 256 pixels. */
    back: {
      weights: {
        network: localFile(
          'faces/weights/blazeface_back_256.onnx',
          '427cbbe0fc41448d09e1dc9cfabe2423d997cf2faaeab91fadd09a510b63b8e2',
        ),
      },
    },
    /** For selfies: a face at arm's length fills much of the 128 × 128 pixels that it looks at. */
    front: {
      weights: {
        network: localFile(
          'faces/weights/blazeface_front_128.onnx',
          'd388b1cf8a5f6f1af2b3f4c14f6d0f138bab970cd618cccd12dddb7484e82e51',
        ),
      },
    },
  },
});
