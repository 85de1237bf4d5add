import { describe, expect, it } from 'vitest';
import { peakBetween, peaksOf } from './peaks.ts';

const { signal } = new AbortController();

describe('the peaks of a recording', () => {
  it('are the lowest and the highest sample of each part', async () => {
    const { low, high } = await peaksOf([Float32Array.of(0.5, -0.25, 0.75, 1, -1, -0.5)], 3, signal);
    expect([...low]).toEqual([-0.25, 0, -1]);
    expect([...high]).toEqual([0.5, 1, 0]);
  });

  it('are those of all channels', async () => {
    const { low, high } = await peaksOf([Float32Array.of(0.25, 0), Float32Array.of(-0.5, 0.75)], 2, signal);
    expect([...low]).toEqual([-0.5, 0]);
    expect([...high]).toEqual([0.25, 0.75]);
  });

  it('leave no sample out where the parts do not divide it evenly', async () => {
    for (let loud = 0; loud < 100; loud += 1) {
      const samples = new Float32Array(100);
      samples[loud] = 1;
      const { high } = await peaksOf([samples], 7, signal);
      expect([...high].filter((value) => value === 1)).toHaveLength(1);
    }
  });

  it('are silence where there are fewer samples than parts, or none', async () => {
    expect([...(await peaksOf([Float32Array.of(1)], 4, signal)).high].filter((value) => value > 0)).toEqual([1]);
    expect([...(await peaksOf([], 2, signal)).high]).toEqual([0, 0]);
  });

  it('of ten minutes are computed in many short slices', async () => {
    let pauses = 0;
    await peaksOf([new Float32Array(600 * 16_000)], 4096, signal, async () => {
      pauses += 1;
    });
    expect(pauses).toBeGreaterThan(30);
  });

  it('are not computed further once they are no longer wanted', async () => {
    const controller = new AbortController();
    const computing = peaksOf([new Float32Array(2_000_000)], 100, controller.signal);
    controller.abort();
    await expect(computing).rejects.toBe(controller.signal.reason);
  });
});

describe('the peak between two parts', () => {
  const peaks = { low: Float32Array.of(-0.5, -0.25, -1), high: Float32Array.of(0.25, 0.5, 0.75) };

  it('is that of the parts in between', () => {
    expect(peakBetween(peaks, 0, 2)).toEqual([-0.5, 0.5]);
    expect(peakBetween(peaks, 1.5, 3)).toEqual([-1, 0.75]);
  });

  it('is that of one part where a column of the screen is narrower', () => {
    expect(peakBetween(peaks, 1.2, 1.4)).toEqual([-0.25, 0.5]);
    expect(peakBetween(peaks, 5, 6)).toEqual([0, 0]);
  });
});
