import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { mayShareRuns, type RowTrialOptions } from './row-trial.ts';
import type { RowFinding } from './runner.ts';

/** What is said and answered by one start after another, with one cache. */
function starts(finding: RowFinding) {
  const cacheDirectory = mkdtempSync(join(tmpdir(), 'portico-row-trial-'));
  onTestFinished(() => rmSync(cacheDirectory, { recursive: true }));
  return async (others: Partial<RowTrialOptions> = {}) => {
    const said: string[] = [];
    const identity = ['sha256', 'cpu', 1, '1.30.0'];
    const report = (detail: string): void => void said.push(detail);
    const options = { budgetMs: 1_500, cacheDirectory, identity, report, find: report, ...others };
    const shares = await mayShareRuns({ run: async () => finding, allow: () => {} }, options);
    return { shares, said };
  };
}

const trying = 'trying whether rows may share a run';

it('a trial is told, and what it has shown is remembered', async () => {
  const start = starts({ rowWise: true, unfinished: false });
  expect(await start()).toEqual({ shares: true, said: [trying] });
  expect(await start()).toEqual({ shares: true, said: [] });
  expect(await start({ anew: true })).toEqual({ shares: true, said: [trying] });
});

it('rows that depend on each other are told once', async () => {
  const start = starts({ rowWise: false, unfinished: false });
  const told = 'each request runs alone: rows together failed, or gave other results than alone';
  expect(await start()).toEqual({ shares: false, said: [trying, told] });
  expect(await start()).toEqual({ shares: false, said: [] });
});

it('other weights, another device, other threads and another ONNX Runtime are tried again', async () => {
  const start = starts({ rowWise: true, unfinished: false });
  await start();
  for (const identity of [
    ['other', 'cpu', 1, '1.30.0'],
    ['sha256', 'cuda', 1, '1.30.0'],
    ['sha256', 'cpu', 2, '1.30.0'],
    ['sha256', 'cpu', 1, '1.31.0'],
  ])
    expect((await start({ identity })).said).toEqual([trying]);
});

it('a trial that takes too long shows nothing: it says which variable lets it finish, and the next start tries again', async () => {
  const start = starts({ rowWise: false, unfinished: true });
  const told =
    'each request runs alone: the trial whether rows may share a run needs more than 1.5 s. ' +
    'TENSOR_BATCHING=on lets it finish; off skips it';
  for (let turn = 0; turn < 2; turn += 1) expect(await start()).toEqual({ shares: false, said: [trying, told] });
});
