import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LoadCommand } from '../wire/messages.ts';
import { LoadTimes } from './load-times.ts';

let cacheDirectory: string;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  cacheDirectory = mkdtempSync(join(tmpdir(), 'portico-load-times-'));
});
afterEach(() => {
  vi.useRealTimers();
  chmodSync(cacheDirectory, 0o700);
  rmSync(cacheDirectory, { recursive: true });
});

const command = (others: Partial<LoadCommand['options']> = {}): LoadCommand => ({
  type: 'load',
  module: 'file:///model.js',
  variant: 'small',
  weights: { net: { kind: 'download', url: 'https://example.org/net.onnx' } },
  options: {
    device: { name: 'auto', index: 0 },
    threads: 1,
    maxImagePixels: 1,
    maxRecordingSeconds: 1,
    cacheDirectory,
    ...others,
  },
});

/** A load whose stages take three seconds and one. */
async function load(times: LoadTimes): Promise<void> {
  times.begin('loading');
  vi.advanceTimersByTime(3_000);
  times.begin('warming-up');
  vi.advanceTimersByTime(1_000);
  await times.end();
}

const report = (
  times: LoadTimes,
  stage: 'downloading' | 'verifying' | 'loading' | 'warming-up',
  remainingMs?: number,
) => times.complete({ stage, detail: stage, remainingMs }).remainingMs;

it('a load is expected to take as long as the one before, on the same device with the same threads', async () => {
  const first = await LoadTimes.recall(command());
  expect(report(first, 'loading')).toBeUndefined();
  await load(first);
  const second = await LoadTimes.recall(command());
  expect([report(second, 'loading'), report(second, 'warming-up')]).toEqual([4_000, 1_000]);
  for (const other of [{ threads: 2 }, { device: { name: 'cpu', index: 0 } as const }])
    expect(report(await LoadTimes.recall(command(other)), 'loading')).toBeUndefined();
});

it('that time is added to what is left of a download, and nothing is expected of one whose rest is unknown', async () => {
  const first = await LoadTimes.recall(command());
  expect([report(first, 'downloading', 500), report(first, 'downloading')]).toEqual([500, undefined]);
  await load(first);
  const second = await LoadTimes.recall(command());
  expect([report(second, 'downloading', 500), report(second, 'verifying')]).toEqual([4_500, undefined]);
});

it('a folder that cannot be written to only costs the estimate', async () => {
  const file = join(cacheDirectory, 'file');
  writeFileSync(file, '');
  await load(await LoadTimes.recall(command({ cacheDirectory: file })));
  expect(report(await LoadTimes.recall(command({ cacheDirectory: file })), 'loading')).toBeUndefined();
});
