import { defineConfig } from 'vitest/config';

/** What is too slow for every change: many more scenarios for the dispatcher, and long runs against the real server. */
export default defineConfig({
  ssr: { resolve: { conditions: ['@portico/source'] } },
  test: {
    include: ['src/**/*.property.test.ts', 'test/**/*.verify.ts'],
    env: { PROPERTY_RUNS: '2000' },
    testTimeout: 300_000,
    fileParallelism: false,
  },
});
