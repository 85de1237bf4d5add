import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@portico/source'] } },
  test: {
    testTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 60_000,
    maxWorkers: 2,
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/harness/check-answers.ts'],
    // Real processes under real signals: what other work on the machine disturbs runs once more.
    retry: 1,
  },
});
