import { defineConfig } from 'vitest/config';

/** Long runs against the real server: too slow for every change. */
export default defineConfig({
  ssr: { resolve: { conditions: ['@portico/source'] } },
  test: {
    testTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 60_000,
    fileParallelism: false,
    include: ['test/**/*.verify.ts'],
    retry: 1,
  },
});
