import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@portico/source'] } },
  test: { include: ['src/**/*.test.ts'] },
});
