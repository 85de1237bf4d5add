import { join } from 'node:path';
import { tasks } from '@portico/schemas';
import { defineConfig } from 'tsdown';
import { plainContract } from './build/plain-contract.ts';

export default defineConfig({
  entry: { index: 'src/index.ts', trpc: 'src/trpc.ts' },
  // One file per module: a program that imports only the errors bundles neither tRPC nor anything else.
  unbundle: true,
  format: 'esm',
  platform: 'neutral',
  dts: { oxc: true, sourcemap: false, entry: ['src/index.ts', 'src/trpc.ts'] },
  publint: true,
  attw: { profile: 'esm-only' },
  plugins: [
    plainContract({
      sources: join(import.meta.dirname, 'src'),
      schemas: join(import.meta.dirname, '../schemas/dist'),
      tasks: Object.values(tasks),
    }),
  ],
});
