import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Contract } from './contract.ts';

/** By its own name, because this file runs as a source and compiled. */
export const sdkFolder = dirname(createRequire(import.meta.url).resolve('@portico/sdk/package.json'));
export const releasedFolder = join(sdkFolder, 'compatibility/released');
const changesetFolder = join(sdkFolder, '../../.changeset');

/** The contract of the last release. */
export const releasedContract = (): Contract =>
  JSON.parse(readFileSync(join(releasedFolder, 'contract.json'), 'utf8')) as Contract;

/** The SDK's version in this tree. */
export function sdkVersion(): string {
  const { version } = JSON.parse(readFileSync(join(sdkFolder, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** The changesets that wait for the next release. */
export const pendingChangesets = (): string[] =>
  readdirSync(changesetFolder)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => readFileSync(join(changesetFolder, file), 'utf8'));
