import { expect, test } from 'vitest';
import type { Round } from './reading.ts';
import { accuracyReport, stagesReport, throughputReport, worseImages } from './reports.ts';
import type { Score } from './scores.ts';

const score = (characterErrorRate: number | undefined): Score => ({
  characterErrorRate,
  wordRecall: characterErrorRate === undefined ? undefined : 0.5,
  lines: 3,
  milliseconds: 12.34,
});

const readers = ['ours', 'theirs'];

test('each figure is beside that of the other reader', () => {
  const { header, rows } = accuracyReport('Title', readers, [{ name: 'a.png', scores: [score(0.025), score(0)] }]);
  expect(header.slice(0, 3)).toEqual(['image', 'CER %, ours', 'CER %, theirs']);
  expect(rows).toEqual([['a.png', '2.5', '0.0', '50.0', '50.0', '3', '3', '12.3', '12.3']]);
});

test('an image without an expected text has no error rate', () => {
  const { rows } = accuracyReport('Title', readers, [{ name: 'a.png', scores: [score(undefined), score(undefined)] }]);
  expect(rows[0]?.slice(1, 5)).toEqual(['', '', '', '']);
});

test('says which images the first reader reads worse, the worst first', () => {
  const images = [
    { name: 'slightly.png', scores: [score(0.1), score(0.05)] },
    { name: 'much.png', scores: [score(0.9), score(0)] },
    { name: 'better.png', scores: [score(0), score(0.5)] },
  ];
  expect(worseImages(readers, images)).toEqual([
    'ours makes more mistakes than theirs in: much.png (90.0 against 0.0 %), slightly.png (10.0 against 5.0 %).',
  ]);
  expect(worseImages(readers, images.slice(2))).toEqual(['ours makes more mistakes than theirs in: none.']);
});

test('what no stage accounts for is the rest', () => {
  const rounds = [
    { detection: 60, recognition: 30 },
    { detection: 40, recognition: 30 },
  ].map((stages) => ({
    readings: [{ file: 'a.png', text: '', lines: 0, milliseconds: 100, stages }],
    milliseconds: 100,
    cpuMs: 100,
  }));
  expect(stagesReport({ name: 'theirs', rounds }).rows).toEqual([
    ['detection', '50.0', '50 %'],
    ['recognition', '30.0', '30 %'],
    ['decoding, cropping and the rest', '20.0', '20 %'],
  ]);
});

const round = (...images: readonly (readonly [milliseconds: number, lines: number])[]): Round => {
  const milliseconds = images.reduce((sum, [each]) => sum + each, 0);
  return {
    readings: images.map(([milliseconds, lines]) => ({ file: 'a.png', text: '', lines, milliseconds, stages: {} })),
    milliseconds,
    cpuMs: milliseconds * 2,
  };
};

test('rounds of the same number are compared, and the ratio has its range', () => {
  const { rows } = throughputReport([
    { name: 'ours', rounds: [round([100, 1]), round([200, 1]), round([100, 1])] },
    { name: 'theirs', rounds: [round([200, 1]), round([200, 1]), round([300, 1])] },
  ]);
  const ratio = '2.00 (1.00 to 3.00)';
  expect(rows).toEqual([
    ['ours', '10.0', '100', '200', '', '', ''],
    ['theirs', '5.00', '200', '400', ratio, ratio, `${ratio}, 1 of 1`],
  ]);
});

test('a reader gains nothing by missing lines in the last column', () => {
  const { rows } = throughputReport([
    { name: 'ours', rounds: [round([100, 5], [10, 0])] },
    { name: 'theirs', rounds: [round([100, 5], [400, 8])] },
  ]);
  expect(rows[1]?.at(-1)).toBe('1.00 (1.00 to 1.00), 1 of 2');
});

test('where no image has as many lines in both, there is nothing to compare', () => {
  const { rows } = throughputReport([
    { name: 'ours', rounds: [round([100, 5])] },
    { name: 'theirs', rounds: [round([100, 6])] },
  ]);
  expect(rows[1]?.at(-1)).toBe('none');
});
