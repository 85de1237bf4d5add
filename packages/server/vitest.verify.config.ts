import { defineConfig } from 'vitest/config';

/** Many more scenarios for the dispatcher than every change runs. */
export default defineConfig({
  ssr: { resolve: { conditions: ['@portico/source'] } },
  test: {
    testTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    include: ['src/**/*.property.test.ts'],
    env: { PROPERTY_RUNS: '2000' },
  },
});
