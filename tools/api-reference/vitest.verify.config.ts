import { defineConfig } from 'vitest/config';

/** What fetches TypeDoc, which is no dependency of the workspace. */
export default defineConfig({ test: { include: ['src/**/*.verify.ts'], reporters: 'verbose', testTimeout: 120_000 } });
