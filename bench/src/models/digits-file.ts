import { writeFileSync } from 'node:fs';
import { initializer, node, onnxFile } from '../../../apps/server/test/onnx/onnx.ts';

/** A picture of 28 × 28 in, ten scores out. */
export const digitPixels = 784;
export const digitScores = 10;

const channels = 8;
/** What two convolutions of 5 × 5 without padding leave of a picture of 28 × 28. */
const convolvedPixels = 20 * 20;

/**
 * Writes a network of the size of MNIST's: 784 numbers in, 10 out, two convolutions between, one picture a run. A run takes some
 * 50 µs, so measurements show what surrounds it. Its weights mean nothing.
 */
export function writeDigitsFile(path: string): void {
  const features = channels * convolvedPixels;
  const file = onnxFile({
    nodes: [
      node('Conv', ['image', 'first'], ['a']),
      node('Relu', ['a'], ['b']),
      node('Conv', ['b', 'second'], ['c']),
      node('Relu', ['c'], ['d']),
      node('Flatten', ['d'], ['e']),
      node('MatMul', ['e', 'last'], ['scores']),
    ],
    initializers: [
      initializer('first', [channels, 1, 5, 5], weights(channels * 25, 25)),
      initializer('second', [channels, channels, 5, 5], weights(channels * channels * 25, channels * 25)),
      initializer('last', [features, digitScores], weights(features * digitScores, features)),
    ],
    inputs: [{ name: 'image', type: 'float32', shape: [1, 1, 28, 28] }],
    outputs: [{ name: 'scores', type: 'float32', shape: [1, digitScores] }],
  });
  writeFileSync(path, file);
}

/** The picture that every request holds. */
export const digitPicture: Float32Array = Float32Array.from(
  { length: digitPixels },
  (_, index) => Math.round((Math.sin(index / 9) + 1) * 500) / 1_000,
);

/** Weights that keep the magnitude of values, however many are summed up. */
const weights = (count: number, summed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => Math.sin(index * 12.9898) / Math.sqrt(summed));
