import { InferenceSession, Tensor } from 'onnxruntime-node';
import { digitPixels } from '../models/digits-file.ts';

/** The session of the digits file at `MODEL`: the bytes of a picture to the bytes of its scores. */
export async function openDigits(): Promise<(picture: Uint8Array) => Promise<Uint8Array>> {
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
  const session = await InferenceSession.create(process.env['MODEL'] ?? '', options);
  return async (picture) => {
    const pixels = new Float32Array(digitPixels);
    new Uint8Array(pixels.buffer).set(picture);
    const { scores } = await session.run({ image: new Tensor('float32', pixels, [1, 1, 28, 28]) });
    const data = scores?.data as Float32Array;
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  };
}
