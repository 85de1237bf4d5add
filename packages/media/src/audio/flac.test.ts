import { beforeAll, expect, test } from 'vitest';
import { speechFile } from '../testing/audio.ts';
import { flacFrames, frameHeaderAt } from './flac.ts';

let stream: Uint8Array;
let frames: Uint8Array[];
beforeAll(async () => {
  const file = await speechFile('flac');
  let start = 0;
  while (frameHeaderAt(file, start) === undefined) start += 1;
  stream = file.subarray(start);
  frames = [...flacFrames(stream, 0)];
});

test('a stream is cut into its frames without a rest', () => {
  expect(Buffer.concat(frames).equals(stream)).toBe(true);
  expect(frames.length).toBeGreaterThan(20);
  expect(frames.map((frame) => frameHeaderAt(frame, 0)?.number)).toEqual(frames.map((_, index) => index));
});

test('a damaged frame is left out, and the one before it where its header no longer marks its start', () => {
  const starts = frames.map((_, index) => Buffer.concat(frames.slice(0, index)).length);
  // Behind the last two there are too few headers to find the order again.
  for (const [index, frame] of frames.slice(0, -2).entries()) {
    for (const place of [0, 2, 7, Math.floor(frame.length / 2), frame.length - 1]) {
      const damaged = Buffer.from(stream);
      const at = (starts[index] ?? NaN) + place;
      damaged[at] = (damaged[at] ?? NaN) ^ 0x5a;
      const left = [...flacFrames(damaged, 0)]
        .filter(({ length }) => length > 0)
        .map((whole) => frameHeaderAt(whole, 0)?.number);
      const header = frameHeaderAt(frame, 0)?.length ?? NaN;
      const lost = place < header ? [index - 1, index] : [index];
      expect(left).toEqual(frames.map((_, number) => number).filter((number) => !lost.includes(number)));
    }
  }
});

test('headers in a row, none of which begins a frame, are gone through once', () => {
  const header = stream.subarray(0, frameHeaderAt(stream, 0)?.length);
  let reads = 0;
  const row = new Proxy(Buffer.concat(Array.from({ length: 20_000 }, () => header)), {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  expect([...flacFrames(row, 0)].length).toBeLessThan(10);
  expect(reads).toBeLessThan(20 * row.length);
});
