import { expect, test } from 'vitest';
import type { Round } from './reading.ts';
import { throughputReport } from './time-reports.ts';

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
