import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@portico/source'] } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'unit', include: ['src/**/*.test.ts'] } },
      // Real processes under real signals: what other work on the machine disturbs gets a second chance.
      { extends: true, test: { name: 'server', include: ['test/**/*.test.ts'], retry: 1 } },
    ],
  },
});
