import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadReport } from '../inference.ts';
import { sha256OfFile } from './byte-progress.ts';
import type { DownloadOptions } from './download/download.ts';
import {
  type Download,
  type LocalFile,
  type LocatedWeightsFile,
  type NpmFile,
  type VerifiedFile,
  type WeightsFile,
  weightsSource,
} from './weights-file.ts';

export interface ResolveOptions extends Omit<DownloadOptions, 'progress'> {
  readonly progress: (report: LoadReport) => void;
  /** URL of the module that registers the weights; packages and relative paths are resolved from there. */
  readonly from: string;
}

/**
 * Finds weights, downloads what is not cached, and verifies them. Optional files that do not exist are left out.
 * @throws if any other file is missing, cannot be downloaded or has the wrong checksum; the message names the file and, in the
 * last case, both checksums.
 */
export async function resolveWeights(
  files: Readonly<Record<string, LocatedWeightsFile>>,
  options: ResolveOptions,
): Promise<Record<string, VerifiedFile>> {
  const resolved: [string, VerifiedFile][] = [];
  const entries = Object.entries(files);
  for (const [index, [name, file]] of entries.entries()) {
    const progress: DownloadOptions['progress'] = ({ file, ...report }) =>
      options.progress({ ...report, file: file && { ...file, number: index + 1, count: entries.length } });
    const explain = (text: string): void =>
      progress({ stage: 'verifying', detail: `${name} (${weightsSource(file)}) ${text}`, isFinding: true });
    const verified = await (file.kind === 'download'
      ? downloaded(file, { ...options, progress })
      : installed(name, file, { from: options.from, progress }));
    if (verified === undefined) {
      explain('does not exist; continuing without it');
      continue;
    }
    if (file.sha256 === undefined) explain(`has sha256 ${verified.sha256}`);
    resolved.push([name, verified]);
  }
  return Object.fromEntries(resolved);
}

async function installed(
  name: string,
  file: NpmFile | LocalFile,
  { from, progress }: Pick<ResolveOptions, 'from'> & Pick<DownloadOptions, 'progress'>,
): Promise<VerifiedFile> {
  const path = installedPath(file, from);
  const sha256 = await sha256OfFile(path, progress);
  if (file.sha256 !== undefined && sha256 !== file.sha256) {
    const source = file.kind === 'npm' ? `${file.package}/${file.path}` : file.path;
    throw new Error(
      `Weights ${name} (${source}) have sha256 ${sha256}, expected ${file.sha256}. Get the file again; if it was replaced on purpose, ` +
        'write the new checksum into the registration.',
    );
  }
  return { path, sha256 };
}

/** Imports the HTTP client only when needed: most engines never download. */
async function downloaded(file: Download, options: DownloadOptions): Promise<VerifiedFile | undefined> {
  const [{ downloadWeights }, { DownloadError }] = await Promise.all([
    import('./download/download.ts'),
    import('./download/errors.ts'),
  ]);
  return downloadWeights(file, options).catch((error: unknown) => {
    if (file.optional === true && error instanceof DownloadError && error.notFound) return undefined;
    throw error;
  });
}

/**
 * The path of an installed file, as seen from the module at the URL `from`: packages are found as Node finds them, relative paths
 * start at the package of that module.
 * @throws if the file does not exist.
 */
export function installedPath(file: NpmFile | LocalFile, from: string): string {
  if (file.kind === 'npm') return pathInPackage(file, from);
  const path = resolve(packageFolder(from), file.path);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new Error(`Weights file ${file.path} does not exist. Put it there, or correct its path in the registration.`);
  return path;
}

/** The nearest folder with a `package.json`, which is the same for a source file and for its compiled twin. */
export function packageFolder(from: string): string {
  const start = dirname(fileURLToPath(from));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return start;
  }
}

/** Searches where Node would; Node's own resolution refuses files that a package's `exports` do not list. */
function pathInPackage(file: NpmFile, from: string): string {
  const folders = createRequire(from).resolve.paths(file.package) ?? [];
  const path = folders
    .map((folder) => join(folder, file.package, file.path))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`Weights ${file.package}/${file.path} are not installed.`);
  return path;
}

/**
 * Gives weights without a checksum the one that earlier engines of the model found, so that all its engines have the same bytes:
 * downloads always, which therefore need no network any more, and other files while engines that have loaded them are `serving`.
 */
export const pinWeights = (
  files: Readonly<Record<string, LocatedWeightsFile>>,
  checksums: Readonly<Record<string, string>>,
  serving: boolean,
): Record<string, LocatedWeightsFile> =>
  Object.fromEntries(
    Object.entries(files).map(([name, file]) => {
      const sha256 = file.sha256 ?? checksums[name];
      return [name, sha256 !== undefined && (serving || file.kind === 'download') ? { ...file, sha256 } : file];
    }),
  );

/**
 * The same weights, for a program that loads a model without a configuration.
 * @throws {TypeError} if an environment variable says where one is.
 */
export const locatedWeights = (files: Readonly<Record<string, WeightsFile>>): Record<string, LocatedWeightsFile> =>
  Object.fromEntries(
    Object.entries(files).map(([name, file]) => {
      if (file.kind === 'configured') throw new TypeError(`Only ${file.variable} says where the weights ${name} are.`);
      return [name, file];
    }),
  );
