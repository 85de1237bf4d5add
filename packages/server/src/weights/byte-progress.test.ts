import { expect, it } from 'vitest';
import { ByteProgress, type WeightsReport } from './byte-progress.ts';

/** What is reported of a file that has got so far at these times in milliseconds. */
function reported(total: number | null, ...readings: readonly (readonly [at: number, bytes: number])[]) {
  const reports: WeightsReport[] = [];
  let now = 0;
  const progress = new ByteProgress(
    'downloading',
    'net.onnx',
    (report) => void reports.push(report),
    () => now,
  );
  progress.start(0, total);
  for (const [at, bytes] of readings) {
    now = at;
    progress.update(bytes);
  }
  return reports;
}

it('names the file and how much of it has arrived, in words and in bytes', () => {
  expect(reported(90_900_000, [1_000, 12_400_000]).at(-1)).toMatchObject({
    stage: 'downloading',
    detail: 'downloading net.onnx: 12.4 MB of 90.9 MB (13 %)',
    file: { name: 'net.onnx', bytes: 12_400_000, totalBytes: 90_900_000 },
  });
  expect(reported(null, [10_000, 2_500_000_000]).at(-1)).toEqual({
    stage: 'downloading',
    detail: 'downloading net.onnx: 2.50 GB',
    file: { name: 'net.onnx', bytes: 2_500_000_000, totalBytes: null },
    remainingMs: undefined,
  });
});

it('is reported once a second, and less often where little arrives', () => {
  const quick = Array.from({ length: 100 }, (_, step) => [step * 20, step * 1e6] as const);
  expect(reported(100e6, ...quick)).toHaveLength(2);
  const steady = Array.from({ length: 100 }, (_, step) => [step * 500, step * 1e6] as const);
  expect(reported(1e9, ...steady)).toHaveLength(50);
  const slow = Array.from({ length: 100 }, (_, step) => [step * 1_000, step * 10_000] as const);
  expect(reported(1e9, ...slow)).toHaveLength(15);
});

it('is not reported for a trickle, so that the load timeout ends it', () => {
  const trickle = Array.from({ length: 180 }, (_, second) => [second * 1_000, second * 100] as const);
  expect(reported(1e9, ...trickle)).toHaveLength(1);
});

it('the estimate follows the rate, and one slow second does not distort it', () => {
  const steady = Array.from({ length: 20 }, (_, second) => [second * 1_000, second * 1e6] as const);
  const remaining = (...more: readonly (readonly [number, number])[]) =>
    (reported(100e6, ...steady, ...more).at(-1)?.remainingMs ?? NaN) / 1_000;
  expect(remaining()).toBeCloseTo(81, 0);
  expect(remaining([20_000, 29e6])).toBeGreaterThan(30);
  const slower = Array.from({ length: 60 }, (_, second) => [20_000 + second * 1_000, 19e6 + second * 1e5] as const);
  expect(remaining(...slower)).toBeGreaterThan(600);
});
