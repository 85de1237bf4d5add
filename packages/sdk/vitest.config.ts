import { defineConfig } from 'vitest/config';

const conditions = ['@portico/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Recipes have tests of their own, for other runners and in projects of their own.
    include: ['{src,build,compatibility,test}/**/*.test.ts'],
    testTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 60_000,
    // Vitest leaves one core idle by default; these tests mostly wait for the processes that they start.
    maxWorkers: 2,
  },
});
