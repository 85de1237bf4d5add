import type { Patience } from './download/patience.ts';
import { installedPath } from './installed-path.ts';
import { sha256OfFile } from './sha256-of-file.ts';
import type { Download, FoundWeightsFile } from './weights-file.ts';
import { weightsSource } from './weights-source.ts';

export interface ResolveOptions {
  /** URL of the module whose weights these are; packages and relative paths are looked for from there. */
  readonly from: string;
  /** Downloads are kept below it. */
  readonly cacheDirectory: string;
  /** Hears, in words for people, how far it is. */
  readonly progress: (detail: string) => void;
  /** Hears what whoever runs the server should know of, although it goes on. */
  readonly warn: (text: string) => void;
  readonly patience?: Patience;
}

/** A verified file. */
export interface ResolvedWeights {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
}

/**
 * Finds weights, downloads what has to be downloaded, and verifies them.
 * Optional files that are not there are left out.
 * @throws when any other is missing, cannot be had or has other bytes; the message names the file and both checksums.
 */
export async function resolveWeights(
  files: Readonly<Record<string, FoundWeightsFile>>,
  options: ResolveOptions,
): Promise<Record<string, ResolvedWeights>> {
  const resolved: [string, ResolvedWeights][] = [];
  for (const [name, file] of Object.entries(files)) {
    const weights =
      file.kind === 'download' ? await downloaded(file, options) : await installed(name, file, options.from);
    if (weights === undefined) {
      options.progress(`${name} (${weightsSource(file)}) is not there; it goes without`);
      continue;
    }
    if (file.sha256 === undefined) options.progress(`${name} (${weightsSource(file)}) has sha256 ${weights.sha256}`);
    resolved.push([name, weights]);
  }
  return Object.fromEntries(resolved);
}

async function installed(
  name: string,
  file: Exclude<FoundWeightsFile, Download>,
  from: string,
): Promise<ResolvedWeights> {
  const path = installedPath(file, from);
  const sha256 = await sha256OfFile(path);
  if (file.sha256 !== undefined && sha256 !== file.sha256) {
    const source = file.kind === 'npm' ? `${file.package}/${file.path}` : file.path;
    throw new Error(`Weights ${name} (${source}) have sha256 ${sha256}, expected ${file.sha256}.`);
  }
  return { path, sha256 };
}

/** Most engines never download; they are spared the HTTP client. */
async function downloaded(file: Download, options: ResolveOptions): Promise<ResolvedWeights | undefined> {
  const [{ downloadWeights }, { DownloadFailure }] = await Promise.all([
    import('./download/download-weights.ts'),
    import('./download/download-failure.ts'),
  ]);
  return downloadWeights(file, options).catch((error: unknown) => {
    if (file.optional === true && error instanceof DownloadFailure && error.absent) return undefined;
    throw error;
  });
}
