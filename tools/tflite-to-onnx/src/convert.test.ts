import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { convert } from './convert.ts';

const packed = '@mediapipe/selfie_segmentation/selfie_segmentation.tflite';
const file = readFileSync(createRequire(import.meta.url).resolve(packed));
const committed = new URL('../../../models/segment/weights/selfie_segmentation_256.onnx', import.meta.url);

test('the weights that the server uses are what becomes of the published file, byte for byte', () => {
  expect(Buffer.compare(convert(file), readFileSync(committed))).toBe(0);
});

test('what is no TFLite file is refused', () => {
  expect(() => convert(Buffer.from('no network at all'))).toThrow('This is no TFLite file');
  expect(() => convert(new Uint8Array(3))).toThrow('This is no TFLite file');
});

test('an operator that is not known is named', () => {
  const name = Buffer.from('Convolution2DTransposeBias');
  const renamed = Buffer.from(file);
  renamed.write('Another', renamed.indexOf(name));
  expect(() => convert(renamed)).toThrow('Operator 32 Anothertion2DTransposeBias is not converted.');
});
