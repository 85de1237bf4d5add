import { expect, it } from 'vitest';
import { DownloadProgress } from './download-progress.ts';

/** What is told of a download that has got so far at these times in milliseconds. */
function told(total: number | undefined, ...readings: readonly (readonly [at: number, bytes: number])[]): string[] {
  const heard: string[] = [];
  let now = 0;
  const progress = new DownloadProgress(
    'net.onnx',
    (detail) => void heard.push(detail),
    () => now,
  );
  progress.say(0, total);
  for (const [at, bytes] of readings) {
    now = at;
    progress.at(bytes, total);
  }
  return heard;
}

it('the words name the file, and how much of it is there', () => {
  expect(told(90_900_000, [1_000, 12_400_000]).at(-1)).toBe('downloading net.onnx: 12.4 MB of 90.9 MB (13 %)');
  expect(told(undefined, [10_000, 2_500_000_000]).at(-1)).toBe('downloading net.onnx: 2.50 GB');
});

it('a quick download is told once a second, a slow one every five hundredths or ten seconds', () => {
  const quick = Array.from({ length: 100 }, (_, step) => [step * 20, step * 1e6] as const);
  expect(told(100e6, ...quick)).toHaveLength(2);
  const slow = Array.from({ length: 100 }, (_, step) => [step * 1_000, step * 1e6] as const);
  expect(told(100e6, ...slow)).toHaveLength(20);
  const slower = Array.from({ length: 100 }, (_, step) => [step * 1_000, step * 1e5] as const);
  expect(told(1e9, ...slower)).toHaveLength(10);
});

it('a trickle is no progress, so that the time limit of the load ends it', () => {
  const trickle = Array.from({ length: 180 }, (_, second) => [second * 1_000, second * 100] as const);
  expect(told(1e9, ...trickle)).toHaveLength(1);
});
