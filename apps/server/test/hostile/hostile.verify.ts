import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hostileRequest } from './hostile-request.ts';
import { readMedia } from './media.ts';
import { describeStorm, storm, type StormOptions, type StormReport } from './storm.ts';

const seed = Number(process.env['HOSTILE_SEED'] ?? 12);
const leakingServer = fileURLToPath(new URL('../dist/fixtures/leaking-server.js', import.meta.url));

async function reportOf(options: Pick<StormOptions, 'count' | 'main' | 'environment'>): Promise<StormReport> {
  const report = await storm({ seed, concurrency: 32, ...options });
  process.stderr.write(`seed ${seed}: ${describeStorm(report)}\n`);
  return report;
}

describe('Bad requests to every door', () => {
  it(
    'are answered in time, without a defect and without a trace, while good ones are served',
    { timeout: 600_000 },
    async () => {
      const { findings, sent, good } = await reportOf({ count: 20_000 });
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

describe('The judge', () => {
  it.each([
    ['memory', 'memory of the gateway'],
    ['descriptors', 'descriptors'],
  ])('sees a server that keeps %s of each request', { timeout: 600_000 }, async (leak, what) => {
    const { findings } = await reportOf({ count: 4_000, main: leakingServer, environment: { FIXTURE_LEAK: leak } });
    expect(findings).toEqual([expect.objectContaining({ what: expect.stringMatching(`^${what}`) as string })]);
  });
});
