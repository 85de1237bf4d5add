import { expect, test } from 'vitest';
import { stagesReport } from './stages-report.ts';

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
