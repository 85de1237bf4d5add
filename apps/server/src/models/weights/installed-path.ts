import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalFile, NpmFile } from './weights-file.ts';

/** The folder of the server's package, from the source and from what is built of it alike. */
const packageFolder = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Where a file of a package or of the machine lies.
 * @throws when it is not there.
 */
export function installedPath(file: NpmFile | LocalFile): string {
  if (file.kind === 'npm') return pathInPackage(file);
  const path = resolve(packageFolder, file.path);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new Error(`There are no weights at ${file.path}.`);
  return path;
}

/** Looks where Node would; asking Node itself fails for packages whose `exports` leave their files out. */
function pathInPackage(file: NpmFile): string {
  const folders = createRequire(import.meta.url).resolve.paths(file.package) ?? [];
  const path = folders
    .map((folder) => join(folder, file.package, file.path))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`Weights ${file.package}/${file.path} are not installed.`);
  return path;
}
