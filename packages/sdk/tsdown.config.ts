import { join } from 'node:path';
import { tasks } from '@portico/schemas';
import { defineConfig } from 'tsdown';
import { plainContract } from './build/plain-contract.ts';

const contract = plainContract({
  sources: join(import.meta.dirname, 'src'),
  schemas: join(import.meta.dirname, '../schemas/dist'),
  tasks: Object.values(tasks),
});

export default defineConfig({
  // A program that only handles errors bundles nothing but their file: `index` passes it on.
  entry: { index: 'src/index.ts', trpc: 'src/trpc.ts', errors: 'src/errors/portico-error.ts' },
  // CommonJS is for Jest, and for programs that TypeScript compiles to it.
  format: ['esm', 'cjs'],
  platform: 'neutral',
  // The sources are in it.
  sourcemap: true,
  dts: { oxc: true, sourcemap: false, entry: ['src/index.ts', 'src/trpc.ts', 'src/errors/portico-error.ts'] },
  plugins: [contract],
  // The declarations for CommonJS are built without the plugins above.
  inputOptions: (options, _format, { cjsDts }) =>
    cjsDts ? { ...options, plugins: [options.plugins, contract] } : options,
  publint: true,
  attw: true,
});
