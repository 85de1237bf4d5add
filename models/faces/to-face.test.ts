import { expect, test } from 'vitest';
import { toFace } from './to-face.ts';

test('a face lies in pixels of the original, however it was scaled', () => {
  const image = { data: new Uint8Array(0), width: 100, height: 100 };
  const inner = { left: 0, top: 25, width: 100, height: 50 };
  const letterbox = { image, inner, original: { width: 1000, height: 500 } };
  const points = [0.4, 0.45, 0.6, 0.45, 0.5, 0.5, 0.5, 0.6, 0.3, 0.5, 0.7, 0.5];
  const face = toFace({ confidence: 0.8, coordinates: [0.5, 0.5, 0.4, 0.6, ...points] }, letterbox);
  expect(face).toEqual({
    box: { x: 300, y: -50, width: 400, height: 600 },
    confidence: 0.8,
    landmarks: {
      rightEye: { x: 400, y: 200 },
      leftEye: { x: 600, y: 200 },
      nose: { x: 500, y: 250 },
      mouth: { x: 500, y: 350 },
      rightEar: { x: 300, y: 250 },
      leftEar: { x: 700, y: 250 },
    },
  });
});
