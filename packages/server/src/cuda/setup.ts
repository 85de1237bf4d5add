import { rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { sha256OfFile } from '../weights/byte-progress.ts';
import { downloadWeights } from '../weights/download/download.ts';
import { redactUrl } from '../weights/weights-file.ts';
import { findNugetPackage, sha512OfFile } from './nuget-package.ts';
import {
  installedRuntime,
  lackingLibraries,
  providerFiles,
  providerFolder,
  recordFile,
  type Runtime,
  wrongFiles,
} from './provider.ts';
import { extractEntry } from './zip.ts';

/** What onnxruntime-node's own install script reads. */
interface InstallMetadata {
  readonly manifests: Readonly<
    Record<string, Readonly<Record<string, { readonly package: string; readonly path: string }>>>
  >;
  readonly packages: Readonly<
    Record<
      string,
      { readonly name: string; readonly versions: readonly { readonly feed: string; readonly version: string }[] }
    >
  >;
  readonly feeds: Readonly<Record<string, { readonly index: string }>>;
}

interface Source {
  /** A path or a URL. */
  readonly package: string;
  readonly sha512?: string | undefined;
  /** Where each file is in the package. */
  readonly paths: Readonly<Record<string, string>>;
}

/** A line each time so much has arrived. */
const minLineBytes = 25e6;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

export interface SetupOptions {
  /** Checks only. */
  readonly check?: boolean | undefined;
  /** The folder of another onnxruntime-node than the one that Portico loads. */
  readonly runtime?: string | undefined;
}

/**
 * Puts ONNX Runtime's libraries for CUDA beside the installed onnxruntime-node, if they are not there, and says what else is missing. Its own
 * install script does the same where its publisher can be reached; this can be done later, behind a proxy or a mirror and from a file,
 * resumes and verifies. `PORTICO_CUDA_PACKAGE` is the package itself, a path or a URL; `PORTICO_CUDA_FEED` the index of another NuGet feed;
 * `PORTICO_CUDA_SHA256` what the package must have, in hex.
 * @returns whether all is as it should be: without `check`, what the libraries need besides is only told.
 */
export async function setupCuda({ check = false, runtime: folder }: SetupOptions): Promise<boolean> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    say(`ONNX Runtime has libraries for CUDA on linux x64 only, not on ${process.platform} ${process.arch}.`);
    return false;
  }
  const runtime = installedRuntime(folder && resolve(folder));
  const place = providerFolder(runtime.folder);
  if (!check && wrongFiles(runtime) !== undefined) await install(place, runtime);
  const wrong = wrongFiles(runtime);
  if (wrong !== undefined) {
    say(`CUDA: ${wrong}.`);
    return false;
  }
  say(`ONNX Runtime ${runtime.version} has its libraries for CUDA in ${place}.`);
  const lacking = lackingLibraries(runtime);
  say(lacking === undefined ? 'The loader finds everything that they need.' : `They need more to run: ${lacking}.`);
  return lacking === undefined || !check;
}

async function install(place: string, { folder, version }: Runtime): Promise<void> {
  const source = await findSource(folder);
  const expected = process.env['PORTICO_CUDA_SHA256']?.toLowerCase() || undefined;
  const isRemote = /^https?:/.test(source.package);
  const origin = isRemote ? redactUrl(source.package) : resolve(source.package);
  const path = isRemote ? await download(source.package, expected) : origin;
  const sha256 = await sha256OfFile(path);
  if (expected !== undefined && sha256 !== expected)
    throw new Error(`${origin} has sha256 ${sha256}, PORTICO_CUDA_SHA256 is ${expected}.`);
  if (source.sha512 !== undefined && (await sha512OfFile(path)) !== source.sha512) {
    await rm(path, { force: true });
    throw new Error(`${origin} is not the file whose SHA-512 its feed publishes.`);
  }
  say(`The package has sha256 ${sha256}, ${checkedBy(expected, source.sha512)}.`);

  const files: Record<string, string> = {};
  for (const file of providerFiles) {
    const target = join(place, file);
    const unfinished = `${target}.${process.pid}`;
    try {
      await extractEntry(path, source.paths[file] ?? file, unfinished);
      files[file] = await sha256OfFile(unfinished);
      await rename(unfinished, target);
    } finally {
      await rm(unfinished, { force: true });
    }
    say(`${file} has sha256 ${files[file]}`);
  }
  const record = { onnxruntime: version, package: { source: origin, sha256, sha512: source.sha512 }, files };
  await writeFile(join(place, recordFile), `${JSON.stringify(record, null, 2)}\n`);
  if (isRemote) await rm(path, { force: true });
}

function checkedBy(expected: string | undefined, sha512: string | undefined): string {
  if (expected !== undefined) return 'as PORTICO_CUDA_SHA256 says';
  return sha512 === undefined
    ? 'which nothing confirms: set PORTICO_CUDA_SHA256 to it for later installations'
    : 'and the SHA-512 that its feed publishes';
}

/** The package that belongs to this version, as onnxruntime-node itself names it. */
async function findSource(folder: string): Promise<Source> {
  const metadata = readMetadata(folder);
  const manifest = metadata.manifests['linux/x64:cuda12'] ?? {};
  const paths: Record<string, string> = {};
  let packageName = '';
  for (const file of providerFiles) {
    const entry = manifest[`./${file}`];
    if (entry === undefined) throw new Error(`onnxruntime-node in ${folder} does not say where ${file} comes from.`);
    paths[file] = entry.path;
    packageName = entry.package;
  }
  const given = process.env['PORTICO_CUDA_PACKAGE'];
  if (given !== undefined && given !== '') return { package: given, paths };
  const { name, versions: [release] = [] } = metadata.packages[packageName] ?? {};
  const index = process.env['PORTICO_CUDA_FEED'] || metadata.feeds[release?.feed ?? '']?.index;
  if (name === undefined || release === undefined || index === undefined)
    throw new Error(`onnxruntime-node in ${folder} does not say where ${packageName} comes from.`);
  say(`Looking for ${name} ${release.version} in ${redactUrl(index)}`);
  const { url, sha512 } = await findNugetPackage(index, name, release.version);
  return { package: url, sha512, paths };
}

function readMetadata(folder: string): InstallMetadata {
  try {
    return createRequire(import.meta.url)(join(folder, 'script', 'install-metadata.js')) as InstallMetadata;
  } catch (error) {
    throw new Error(`The folder script of onnxruntime-node in ${folder} is missing; install the package again.`, {
      cause: error,
    });
  }
}

async function download(url: string, sha256: string | undefined): Promise<string> {
  say(`Downloading ${redactUrl(url)}`);
  const cacheDirectory = process.env['MODEL_CACHE_DIR'] || join(homedir(), '.cache', 'portico');
  let lastWritten = -Infinity;
  const { path } = await downloadWeights(
    { kind: 'download', url, ...(sha256 === undefined ? {} : { sha256 }) },
    {
      cacheDirectory,
      progress: ({ detail, file }) => {
        const bytes = file?.bytes ?? Infinity;
        if (bytes - lastWritten < minLineBytes && bytes >= lastWritten) return;
        lastWritten = bytes;
        say(detail);
      },
      warn: say,
    },
  );
  return path;
}
