import { describe, expect, test } from 'vitest';
import { isSpace } from './word-gap.ts';

const wide = { steps: 5, hasSpace: false, spaceProbability: 0.1 };

describe('isSpace', () => {
  test('believes the model that sees a space', () => {
    expect(isSpace({ steps: 2, hasSpace: true, spaceProbability: 0.5 }, 'a', 'b')).toBe(true);
    expect(isSpace({ steps: 2, hasSpace: true, spaceProbability: 0.5 }, '一', '二')).toBe(true);
  });

  test('restores a space that is second to the blank in a wide gap', () => {
    expect(isSpace(wide, 'a', '2')).toBe(true);
  });

  test('leaves letters together where the gap is narrow or the space unlikely', () => {
    expect(isSpace({ ...wide, steps: 3 }, 'a', 'b')).toBe(false);
    expect(isSpace({ ...wide, spaceProbability: 0.01 }, 'a', 'b')).toBe(false);
  });

  test('restores none beside a Chinese character', () => {
    expect(isSpace(wide, '一', 'b')).toBe(false);
    expect(isSpace(wide, 'a', '二')).toBe(false);
  });

  test('restores none beside a mark that is as wide as a Chinese character', () => {
    expect(isSpace(wide, '）', '，')).toBe(false);
    expect(isSpace(wide, '。', 'a')).toBe(false);
    expect(isSpace(wide, ')', ',')).toBe(true);
  });
});
