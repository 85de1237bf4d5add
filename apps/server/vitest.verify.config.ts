import { defineConfig } from 'vitest/config';

/** What is too slow for every change: many more scenarios for the dispatcher, and long runs against the real server. */
export default defineConfig({
  ssr: { resolve: { conditions: ['@portico/source'] } },
  test: {
    testTimeout: 300_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    projects: [
      { extends: true, test: { name: 'unit', include: ['src/**/*.property.test.ts'], env: { PROPERTY_RUNS: '2000' } } },
      { extends: true, test: { name: 'server', include: ['test/**/*.verify.ts'], retry: 1 } },
    ],
  },
});
