import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@portico/source'] } },
  test: { testTimeout: 60_000, include: ['src/**/*.test.ts'] },
});
