import { describe, expect, it } from 'vitest';
import { clockText } from '../../sound/time.ts';
import { ticksOf, tickStep } from './ticks.ts';

describe('the axis of time', () => {
  it('has a readable step, and no more times than fit', () => {
    expect(ticksOf(6.4, 12).map(({ text }) => text)).toEqual(['0:00', '0:01', '0:02', '0:03', '0:04', '0:05', '0:06']);
    expect(ticksOf(6.4, 5).map(({ text }) => text)).toEqual(['0:00', '0:02', '0:04', '0:06']);
    expect(tickStep(600, 10)).toBe(60);
  });

  it('shows tenths where they are needed', () => {
    expect(ticksOf(0.8, 5).map(({ text }) => text)).toEqual(['0:00.0', '0:00.2', '0:00.4', '0:00.6', '0:00.8']);
  });

  it('goes on to hours', () => {
    expect(ticksOf(3 * 3600, 4).at(-1)).toEqual({ time: 10_800, text: '3:00:00' });
  });

  it('is empty before there is a duration or a width', () => {
    expect(ticksOf(0, 10)).toEqual([]);
    expect(ticksOf(10, 0)).toEqual([]);
  });
});

describe('a clock', () => {
  it('shows minutes and seconds, hours only where there are some, and fractions as wanted', () => {
    expect([0, 7.9, 754, 3723].map((seconds) => clockText(seconds))).toEqual(['0:00', '0:07', '12:34', '1:02:03']);
    expect(clockText(3.326, 3)).toBe('0:03.326');
    expect(clockText(59.999, 1)).toBe('0:59.9');
  });

  it('has no more times than fit, however long a server says a recording is', () => {
    expect(ticksOf(1e12, 12).length).toBeLessThanOrEqual(13);
  });
});
