import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsdown';
import { currentContract } from './contract.ts';
import { releasedFolder, sdkFolder, sdkVersion } from './release.ts';

// Run by `npm run release:record`, after a release: records the contract, and the built SDK as one file for Node.
writeFileSync(join(releasedFolder, 'contract.json'), `${JSON.stringify(currentContract(sdkVersion()), null, 2)}\n`);
await build({
  config: false,
  cwd: sdkFolder,
  entry: { sdk: 'dist/index.js' },
  outDir: releasedFolder,
  clean: false,
  format: 'esm',
  platform: 'node',
  fixedExtension: false,
  dts: false,
  logLevel: 'warn',
});
