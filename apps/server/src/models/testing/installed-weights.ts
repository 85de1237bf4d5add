import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { ModelVariant } from '../model.ts';

/** Paths of a variant's installed weights by their names. */
export const installedWeights = ({ weights }: ModelVariant): Record<string, string> =>
  Object.fromEntries(
    Object.entries(weights).map(([name, file]) => [
      name,
      file.kind === 'npm'
        ? join(packageFolder(file.package), file.path)
        : resolve(import.meta.dirname, '../../..', file.path),
    ]),
  );

function packageFolder(name: string): string {
  const candidates = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const folder = candidates.map((candidate) => join(candidate, name)).find((candidate) => existsSync(candidate));
  if (folder === undefined) throw new Error(`${name} is not installed.`);
  return folder;
}
