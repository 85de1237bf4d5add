import type { FoundWeightsFile } from './weights-file.ts';

/**
 * Downloads with the checksums that a first engine found, where none was known: all engines of a model have the same bytes, and a
 * later one needs no network.
 */
export const pinDownloads = (
  files: Readonly<Record<string, FoundWeightsFile>>,
  checksums: Readonly<Record<string, string>>,
): Record<string, FoundWeightsFile> =>
  Object.fromEntries(
    Object.entries(files).map(([name, file]) => {
      const sha256 = file.sha256 ?? checksums[name];
      return [name, file.kind === 'download' && sha256 !== undefined ? { ...file, sha256 } : file];
    }),
  );
