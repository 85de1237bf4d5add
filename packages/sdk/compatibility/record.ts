import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsdown';
import { contractSnapshot } from './contract-snapshot.ts';
import { releasedFolder, sdkFolder } from './release.ts';

/** Writes down what has just been released: the contract, and the built SDK as one file for Node. */
export async function record(version: string): Promise<void> {
  writeFileSync(join(releasedFolder, 'contract.json'), `${JSON.stringify(contractSnapshot(version), null, 2)}\n`);
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
    // What differs between platforms is a file of the package; what it depends on stays outside.
    deps: { alwaysBundle: [/^#/] },
    logLevel: 'warn',
  });
}
