import { describe, expect, test } from 'vitest';
import { detectionSize } from './detection-size.ts';

describe('detectionSize', () => {
  test.each([
    ['keeps an image whose sides fit', { width: 960, height: 736 }, 1280, { width: 960, height: 736 }],
    ['enlarges until the shorter side has 544 pixels', { width: 640, height: 480 }, 1280, { width: 736, height: 544 }],
    [
      'reduces until the longer side has the most allowed',
      { width: 4000, height: 3000 },
      1280,
      { width: 1280, height: 960 },
    ],
    ['lets the limit win over enlarging', { width: 362, height: 78 }, 1280, { width: 1280, height: 288 }],
    [
      'never exceeds a limit that is no multiple of 32',
      { width: 5000, height: 4990 },
      1300,
      { width: 1280, height: 1280 },
    ],
    [
      'has no more than three megapixels, whatever the limit on sides',
      { width: 4000, height: 4000 },
      4096,
      { width: 1728, height: 1728 },
    ],
    ['may be long where it is narrow', { width: 8000, height: 1200 }, 4096, { width: 4096, height: 608 }],
    ['gives a sliver the least a net can take', { width: 10_000, height: 3 }, 1280, { width: 1280, height: 32 }],
    ['enlarges a single pixel', { width: 1, height: 1 }, 320, { width: 320, height: 320 }],
  ])('%s', (_, image, maxSideLength, expected) => {
    expect(detectionSize(image, maxSideLength)).toEqual(expected);
  });
});
