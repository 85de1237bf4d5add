import { defineConfig } from 'vitest/config';

/** The built page in a real browser, against real servers. */
export default defineConfig({
  test: {
    include: ['*.verify.ts'],
    globalSetup: 'harness/setup.ts',
    reporters: 'verbose',
    testTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 60_000,
    // One browser and one server are shared, and two cores.
    fileParallelism: false,
  },
});
