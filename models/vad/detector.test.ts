import { expect, test } from 'vitest';
import { frames } from './detector.ts';

async function cut(lengths: readonly number[]): Promise<{ samples: number[]; length: number }[]> {
  let next = 1;
  const pieces = async function* (): AsyncGenerator<Float32Array> {
    for (const length of lengths) yield Float32Array.from({ length }, () => next++);
  };
  const found: { samples: number[]; length: number }[] = [];
  for await (const { samples, length } of frames(pieces(), 4)) found.push({ samples: [...samples], length });
  return found;
}

test.each([[[10]], [[1, 2, 3, 4]], [[0, 9, 0, 1]], [Array<number>(10).fill(1)]])(
  'pieces of %j samples are ten in frames of four',
  async (lengths) => {
    expect(await cut(lengths)).toEqual([
      { samples: [1, 2, 3, 4], length: 4 },
      { samples: [5, 6, 7, 8], length: 4 },
      { samples: [9, 10, 0, 0], length: 2 },
    ]);
  },
);

test('nothing has no frame', async () => {
  expect(await cut([])).toEqual([]);
  expect(await cut([4])).toHaveLength(1);
});
