import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type NpmFile, sourceOf, type WeightsFile } from './weights-file.ts';

/**
 * Finds and verifies weights: absolute paths by name.
 * @throws when a file is missing or has other bytes; the message names the file and both checksums.
 */
export async function resolveWeights(files: Readonly<Record<string, WeightsFile>>): Promise<Record<string, string>> {
  const entries = await Promise.all(
    Object.entries(files).map(async ([name, file]) => {
      const path = file.kind === 'npm' ? installedPath(file) : localPath(file.path);
      const actual = await sha256Of(path);
      if (actual !== file.sha256) {
        throw new Error(`Weights ${name} (${sourceOf(file)}) have sha256 ${actual}, expected ${file.sha256}.`);
      }
      return [name, path] as const;
    }),
  );
  return Object.fromEntries(entries);
}

/** Looks where Node would; asking Node itself fails for packages whose `exports` leave their files out. */
function installedPath(file: NpmFile): string {
  const folders = createRequire(import.meta.url).resolve.paths(file.package) ?? [];
  const path = folders
    .map((folder) => join(folder, file.package, file.path))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`Weights ${file.package}/${file.path} are not installed.`);
  return path;
}

/** The package stands three folders up, whether this runs from `src` or from `dist`. */
function localPath(path: string): string {
  const found = resolve(import.meta.dirname, '../../..', path);
  if (!existsSync(found)) throw new Error(`Weights ${path} are missing.`);
  return found;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}
