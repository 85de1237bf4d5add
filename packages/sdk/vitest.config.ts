import { configDefaults, defineConfig } from 'vitest/config';

const conditions = ['@portico/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // Vitest leaves one core idle by default; these tests mostly wait for the processes that they start.
  test: {
    // The tests among the recipes run in the projects that they are for.
    exclude: [...configDefaults.exclude, 'recipes/**'],
    testTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
