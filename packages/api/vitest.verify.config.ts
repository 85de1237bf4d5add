import { defineConfig } from 'vitest/config';

const conditions = ['@portico/source'];

/** What takes too long for every run of the tests. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ['test/**/*.verify.ts'], reporters: 'verbose', testTimeout: 60_000, hookTimeout: 120_000 },
});
