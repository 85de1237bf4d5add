import { defineConfig } from 'vitest/config';

const conditions = ['@portico/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { testTimeout: 60_000, maxWorkers: 2 },
});
