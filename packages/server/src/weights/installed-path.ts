import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalFile, NpmFile } from './weights-file.ts';

/**
 * Where a file of a package or of the machine lies, as seen from the module at the URL `from`: packages where Node would look
 * for them, relative paths in the folder of the package that the module belongs to.
 * @throws when it is not there.
 */
export function installedPath(file: NpmFile | LocalFile, from: string): string {
  if (file.kind === 'npm') return pathInPackage(file, from);
  const path = resolve(packageFolder(from), file.path);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new Error(`There are no weights at ${file.path}.`);
  return path;
}

/** The nearest folder with a `package.json`, which is the same for a source file and for what is built of it. */
function packageFolder(from: string): string {
  const start = dirname(fileURLToPath(from));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return start;
  }
}

/** Looks where Node would; asking Node itself fails for packages whose `exports` leave their files out. */
function pathInPackage(file: NpmFile, from: string): string {
  const folders = createRequire(from).resolve.paths(file.package) ?? [];
  const path = folders
    .map((folder) => join(folder, file.package, file.path))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`Weights ${file.package}/${file.path} are not installed.`);
  return path;
}
