import { expect, test } from 'vitest';
import { bounded, formatReport, median, quantile, short } from './report.ts';

test('a figure says whether it keeps its bound', () => {
  expect(bounded(1.234, { max: 1.5 }, ' s')).toEqual(['1.23 s', '≤ 1.5 s', 'yes']);
  expect(bounded(0.9, { min: 0.95 })).toEqual(['0.900', '≥ 0.95', 'NO']);
});

test.each([
  [0.1234, '0.123'],
  [1.234, '1.23'],
  [12.34, '12.3'],
  [1234.5, '1235'],
  [-0.5, '-0.500'],
])('%d is written %s', (value, text) => {
  expect(short(value)).toBe(text);
});

test('a report is a Markdown table', () => {
  const report = { title: 'Title', header: ['a', 'b'], rows: [['1', '2']], notes: ['Note.'] };
  expect(formatReport(report)).toBe('## Title\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\nNote.\n');
});

test('the median of an odd number of values is the middle one, whatever their order', () => {
  expect(median([9, 1, 100])).toBe(9);
});

test.each([
  [0, 1],
  [0.5, 50],
  [0.99, 99],
  [1, 100],
])('the %d quantile of 1 to 100 is %d', (share, expected) => {
  expect(
    quantile(
      Array.from({ length: 100 }, (_, index) => 100 - index),
      share,
    ),
  ).toBe(expected);
});

test('of nothing it is 0', () => {
  expect(median([])).toBe(0);
});
