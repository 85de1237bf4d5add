import { defineConfig } from 'vitest/config';

const conditions = ['@portico/source'];

/** What takes too long for every run of the tests. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.verify.ts'],
    reporters: 'verbose',
    testTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 240_000,
    // Each has a server and engines of its own.
    fileParallelism: false,
  },
});
