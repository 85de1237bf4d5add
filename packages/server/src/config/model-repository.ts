import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** One ONNX file to serve as it is. */
export interface RepositoryFile {
  readonly name: string;
  /** A number; larger is newer. */
  readonly version: string;
  readonly path: string;
}

/** The name of a file in metrics and logs, where a task may have the same name. */
export const labelOf = ({ name, version }: Pick<RepositoryFile, 'name' | 'version'>): string =>
  `tensors/${name}:${version}`;

/** Part of URLs and of labels of metrics. */
const saneName = /^[A-Za-z0-9._-]{1,100}$/;
const version = /^[1-9]\d{0,17}$/;
const extension = '.onnx';
const layouts = 'a folder of <name>.onnx or <name>/<version>/model.onnx, or NAME=PATH for one file';

/**
 * `MODEL_REPOSITORY`: every version of every model that exists when the server starts; by default none. With `MODEL_CONTROL=explicit` a
 * folder may be empty.
 */
export const modelRepository = (environment: NodeJS.ProcessEnv) =>
  z
    .string()
    .optional()
    .transform((text, context): RepositoryFile[] => {
      if (text === undefined) return [];
      try {
        return repositoryFiles(text, { mayBeEmpty: environment['MODEL_CONTROL'] === 'explicit' });
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
        const path = error instanceof Error && 'path' in error ? String(error.path) : text;
        const message = code === '' && error instanceof Error ? error.message : `${path} cannot be read${code}`;
        context.addIssue({ code: 'custom', message: `${message}; use ${layouts}` });
        return [];
      }
    });

/** The files that this value of `MODEL_REPOSITORY` names. Throws where there are none, unless there may be, with the reason. */
export function repositoryFiles(text: string, { mayBeEmpty = false } = {}): RepositoryFile[] {
  const named = namedFile(text);
  if (named !== undefined) return [single(named.name, named.path)];
  if (!isFolder(text)) throw new Error(`${text} is a file`);
  const files = readdirSync(text)
    .filter((entry) => !entry.startsWith('.'))
    .flatMap((entry) => (isFolder(join(text, entry)) ? versionsIn(text, entry) : fileIn(text, entry)));
  if (files.length === 0 && !mayBeEmpty) throw new Error(`the folder contains no model${ortFileIn(text)}`);
  return inOrder(files);
}

/** The versions of one model as they are now; none where the repository has no such model. Throws where it is laid out wrongly. */
export function filesOfModel(text: string, name: string): RepositoryFile[] {
  const named = namedFile(text);
  if (named !== undefined) return named.name === name ? [single(named.name, named.path)] : [];
  if (!saneName.test(name) || name.startsWith('.')) return [];
  const entries = [name, `${name}${extension}`].filter((entry) => existsSync(join(text, entry)));
  return inOrder(
    entries.flatMap((entry) => (isFolder(join(text, entry)) ? versionsIn(text, entry) : fileIn(text, entry))),
  );
}

/** The models that the repository has now, in order. */
export function modelNames(text: string): string[] {
  const named = namedFile(text);
  if (named !== undefined) return [named.name];
  const names = readdirSync(text)
    .filter((entry) => !entry.startsWith('.'))
    .flatMap((entry) => {
      if (entry.endsWith(extension)) return entry.slice(0, -extension.length);
      return isFolder(join(text, entry)) ? entry : [];
    });
  return [...new Set(names)].filter((name) => saneName.test(name)).sort((one, other) => one.localeCompare(other));
}

/** `NAME=PATH`; undefined for the path of a folder. */
function namedFile(text: string): { readonly name: string; readonly path: string } | undefined {
  const [, name, path] = /^([^=/\\]*)=(.*)$/.exec(text) ?? [];
  return name === undefined || path === undefined ? undefined : { name, path };
}

/** The oldest version of each model first. Throws where one exists twice. */
function inOrder(files: readonly RepositoryFile[]): RepositoryFile[] {
  const duplicate = files.find((file, index) => files.findIndex((other) => isSame(file, other)) !== index);
  if (duplicate !== undefined) throw new Error(`${duplicate.name} version ${duplicate.version} exists twice`);
  return [...files].sort((one, other) => one.name.localeCompare(other.name) || byAge(one.version, other.version));
}

function single(name: string, path: string): RepositoryFile {
  if (isFolder(path)) throw new Error(`${path} is a folder`);
  return { name: checked(name), version: '1', path: resolve(path) };
}

/** Files in the format of ONNX Runtime are left alone like any others, but not without a word where there is nothing else. */
function ortFileIn(folder: string): string {
  const found = readdirSync(folder).find((entry) => entry.endsWith('.ort'));
  return found === undefined
    ? ''
    : `; ${found} is in the format of ONNX Runtime, and the ONNX file it was made from is needed`;
}

/** Whole numbers without leading zeros: of two, the one with more digits is larger, however many there are. */
const byAge = (one: string, other: string): number => one.length - other.length || one.localeCompare(other);

/** Other files may lie beside models: external data, labels, a README. */
const fileIn = (folder: string, entry: string): RepositoryFile[] =>
  entry.endsWith(extension)
    ? [{ name: checked(entry.slice(0, -extension.length)), version: '1', path: resolve(folder, entry) }]
    : [];

function versionsIn(folder: string, name: string): RepositoryFile[] {
  const entries = readdirSync(join(folder, name));
  const versions = entries.filter((entry) => version.test(entry));
  if (versions.length === 0 && entries.includes(`model${extension}`)) {
    throw new Error(`${resolve(folder, name, `model${extension}`)} is not in a version folder such as ${name}/1`);
  }
  return versions.map((entry) => {
    const path = resolve(folder, name, entry, `model${extension}`);
    if (isFolder(path)) throw new Error(`${path} is a folder`);
    return { name: checked(name), version: entry, path };
  });
}

function checked(name: string): string {
  if (saneName.test(name) && name !== '.' && name !== '..') return name;
  throw new Error(`${JSON.stringify(name)} is not a model name; letters, digits, ".", "_" and "-" are allowed`);
}

const isSame = (one: RepositoryFile, other: RepositoryFile): boolean =>
  one.name === other.name && one.version === other.version;

/** Follows links, which Kubernetes mounts consist of. Throws if nothing is there. */
const isFolder = (path: string): boolean => statSync(path).isDirectory();
