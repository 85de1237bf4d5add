import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeStorm, storm } from './storm.ts';

const leakingServer = fileURLToPath(new URL('../dist/fixtures/leaking-server.js', import.meta.url));

describe('The judge', () => {
  it.each([
    ['memory', 'memory of the gateway'],
    ['descriptors', 'descriptors'],
  ])('sees a server that keeps %s of each request', { timeout: 600_000 }, async (leak, what) => {
    const environment = { FIXTURE_LEAK: leak };
    const report = await storm({ seed: 12, concurrency: 32, count: 4_000, main: leakingServer, environment });
    process.stderr.write(`${describeStorm(report)}\n`);
    expect(report.findings).toEqual([expect.objectContaining({ what: expect.stringMatching(`^${what}`) as string })]);
  });
});
