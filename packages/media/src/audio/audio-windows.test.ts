import fc from 'fast-check';
import { expect, it } from 'vitest';
import { audioWindows, type WindowSize } from './audio-windows.ts';

async function* piecesOf(samples: readonly number[], pieceLength: number): AsyncGenerator<Float32Array> {
  for (let at = 0; at < samples.length; at += pieceLength) yield Float32Array.from(samples.slice(at, at + pieceLength));
}

async function windowsOf(samples: readonly number[], size: WindowSize, pieceLength = 3) {
  const windows: { samples: number[]; start: number; length: number }[] = [];
  for await (const window of audioWindows(piecesOf(samples, pieceLength), size))
    windows.push({ ...window, samples: [...window.samples] });
  return windows;
}

it('the last window is filled up with silence', async () => {
  expect(await windowsOf([1, 2, 3, 4, 5], { length: 4 })).toEqual([
    { samples: [1, 2, 3, 4], start: 0, length: 4 },
    { samples: [5, 0, 0, 0], start: 4, length: 1 },
  ]);
});

it('windows overlap where the hop is shorter than they are, and none repeats only what was heard', async () => {
  expect(await windowsOf([1, 2, 3, 4, 5, 6], { length: 4, hop: 2 })).toEqual([
    { samples: [1, 2, 3, 4], start: 0, length: 4 },
    { samples: [3, 4, 5, 6], start: 2, length: 4 },
  ]);
});

it('samples between windows are left out where the hop is longer', async () => {
  expect((await windowsOf([1, 2, 3, 4, 5, 6], { length: 2, hop: 3 })).map(({ samples }) => samples)).toEqual([
    [1, 2],
    [4, 5],
  ]);
});

it('no piece length changes what is in a window', async () => {
  const lengths = fc.integer({ min: 1, max: 9 });
  await fc.assert(
    fc.asyncProperty(fc.nat(40), lengths, lengths, lengths, async (count, length, hop, pieceLength) => {
      const samples = Array.from({ length: count }, (_, at) => at + 1);
      for (const { samples: window, start, length: own } of await windowsOf(samples, { length, hop }, pieceLength)) {
        expect(window.slice(0, own)).toEqual(samples.slice(start, start + own));
        expect(window.slice(own)).toEqual(window.slice(own).fill(0));
      }
    }),
  );
});

it('a window without length is refused', async () => {
  await expect(windowsOf([1], { length: 0 })).rejects.toThrow('Windows of 0 samples every 0');
});
