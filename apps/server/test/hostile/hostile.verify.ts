import { describe, expect, it } from 'vitest';
import { hostileRequest } from './hostile-request.ts';
import { readMedia } from './media.ts';
import { describeStorm, storm } from './storm.ts';

const seed = Number(process.env['HOSTILE_SEED'] ?? 12);

describe('Bad requests to every door', () => {
  it(
    'are answered in time, without a defect and without a trace, while good ones are served',
    { timeout: 600_000 },
    async () => {
      const report = await storm({ seed, concurrency: 32, count: 20_000 });
      process.stderr.write(`seed ${seed}: ${describeStorm(report)}\n`);
      const { findings, sent, good } = report;
      expect(findings).toEqual([]);
      expect(sent.count).toBe(20_000);
      expect(good['health']).toBeGreaterThan(0);
    },
  );

  it('are the same for the same seed, and others for another', async () => {
    const media = await readMedia();
    const bytes = (of: number): string =>
      JSON.stringify(Array.from({ length: 50 }, (_, index) => hostileRequest(of, index, media)));
    expect(bytes(seed)).toBe(bytes(seed));
    expect(bytes(seed + 1)).not.toBe(bytes(seed));
  });
});
