import { join } from 'node:path';
import { tasks } from '@portico/schemas';
import { defineConfig } from 'tsdown';
import { plainContract } from './build/plain-contract.ts';

export default defineConfig({
  // What differs between platforms is a module of its own, which package.json chooses.
  entry: {
    index: 'src/index.ts',
    'encode-form': 'src/files/encode-form.ts',
    'encode-form.node': 'src/files/encode-form.node.ts',
    'open-file': 'src/files/open-file.ts',
    'open-file.node': 'src/files/open-file.node.ts',
  },
  external: [/^#/],
  // One file a module: a program that knows only the errors bundles neither tRPC nor anything else.
  unbundle: true,
  format: 'esm',
  platform: 'neutral',
  dts: { oxc: true, sourcemap: false, entry: 'src/index.ts' },
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
