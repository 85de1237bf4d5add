import { describe, expect, it } from 'vitest';
import { pictureShapeOf, valuesOfPixels } from './pixels.ts';

describe('a tensor that holds a picture', () => {
  it('has one picture of one or three channels', () => {
    expect(pictureShapeOf([1, 1, 28, 20])).toEqual({ channels: 1, height: 28, width: 20 });
    expect(pictureShapeOf([1, 3, 224, 224])).toEqual({ channels: 3, height: 224, width: 224 });
  });

  it.each([[[1, 10]], [[2, 3, 224, 224]], [[1, 4, 224, 224]], [[1, 224, 224, 3]], [[1, 3, 2, 2]], [[]]])(
    'has no other shape, such as %j',
    (shape) => {
      expect(pictureShapeOf(shape)).toBeUndefined();
    },
  );
});

const rgba = Uint8ClampedArray.of(255, 0, 0, 255, 0, 255, 51, 255);

describe('the pixels of a picture', () => {
  it('are put channel after channel', () => {
    expect(valuesOfPixels('FP32', { channels: 3, height: 1, width: 2 }, rgba, '0–1')).toEqual(
      Float32Array.of(1, 0, 0, 1, 0, 0.2),
    );
    expect(valuesOfPixels('UINT8', { channels: 3, height: 2, width: 1 }, rgba, '0–255')).toEqual(
      Uint8Array.of(255, 0, 0, 255, 0, 51),
    );
  });

  it('are their brightness in a tensor of one channel', () => {
    const [red, green] = valuesOfPixels('FP32', { channels: 1, height: 1, width: 2 }, rgba, '±1') as Float32Array;
    expect(red).toBeCloseTo(2 * 0.299 - 1, 5);
    expect(green).toBeCloseTo(2 * (0.587 + 0.114 * 0.2) - 1, 5);
  });

  it('are scaled as ImageNet was', () => {
    const values = valuesOfPixels('FP64', { channels: 3, height: 1, width: 2 }, rgba, 'ImageNet') as Float64Array;
    expect(values[0]).toBeCloseTo((1 - 0.485) / 0.229, 10);
    expect(values[5]).toBeCloseTo((0.2 - 0.406) / 0.225, 10);
  });
});
