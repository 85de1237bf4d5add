import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** One ONNX file to serve as it is. */
export interface RepositoryFile {
  readonly name: string;
  /** A number; larger is newer. */
  readonly version: string;
  readonly path: string;
}

/** What is in a folder of ONNX files. */
export interface RepositoryLayout {
  readonly files: readonly RepositoryFile[];
  /** What keeps a model from being served, a fact with its remedy each. */
  readonly mistakes: readonly string[];
  /** What looks like a model and is none here. */
  readonly ignored: readonly string[];
}

/** Part of URLs and of labels of metrics. */
const saneName = /^[A-Za-z0-9._-]{1,100}$/;

/** Whether a model may have this name. */
export const isModelName = (name: string): boolean => saneName.test(name) && name !== '.' && name !== '..';

const version = /^[1-9]\d{0,17}$/;
const extension = '.onnx';
const modelFile = `model${extension}`;

/** A folder of `<name>.onnx` and `<name>/<version>/model.onnx`. Throws where the folder itself cannot be read. */
export function layoutOf(folder: string, isWanted: (model: string) => boolean): RepositoryLayout {
  const entries = visibleIn(folder).filter((entry) => isWanted(entry) || isWanted(withoutExtension(entry)));
  const found = entries.map((entry) => orUnreadable(join(folder, entry), () => inEntry(folder, entry, entries)));
  const layout = joined(found);
  return { ...layout, mistakes: [...layout.mistakes, ...duplicates(layout.files)] };
}

/** The names of models that a folder may have; what is wrong with their files is not looked at. */
export function namesIn(folder: string): string[] {
  const names = visibleIn(folder)
    .filter(
      (entry) => entry.endsWith(extension) || statSync(join(folder, entry), { throwIfNoEntry: false })?.isDirectory(),
    )
    .map(withoutExtension);
  return [...new Set(names)].filter(isModelName).sort((one, other) => one.localeCompare(other));
}

const visibleIn = (folder: string): string[] => readdirSync(folder).filter((entry) => !entry.startsWith('.'));

const withoutExtension = (entry: string): string =>
  entry.endsWith(extension) ? entry.slice(0, -extension.length) : entry;

const joined = (layouts: readonly Partial<RepositoryLayout>[]): RepositoryLayout => ({
  files: layouts.flatMap(({ files = [] }) => files),
  mistakes: layouts.flatMap(({ mistakes = [] }) => mistakes),
  ignored: layouts.flatMap(({ ignored = [] }) => ignored),
});

/** Other files may lie beside models: external data, labels, a README. */
function inEntry(folder: string, entry: string, entries: readonly string[]): Partial<RepositoryLayout> {
  if (isFolder(join(folder, entry))) return inModelFolder(folder, entry);
  if (entry.endsWith(extension)) return named(withoutExtension(entry), '1', resolve(folder, entry));
  const isCopy = entries.includes(entry.replace(/\.ort$/, extension));
  return entry.endsWith('.ort') && !isCopy ? { ignored: [ortText(entry)] } : {};
}

const ortText = (entry: string): string => `${entry} is in the ORT format; use the ONNX file that it was made from`;

function inModelFolder(folder: string, name: string): RepositoryLayout {
  const entries = visibleIn(join(folder, name));
  const versions = entries.filter((entry) => version.test(entry));
  const others = entries.filter((entry) => !version.test(entry));
  return joined([
    ...versions.map((entry) => orUnreadable(join(folder, name, entry), () => inVersion(folder, name, entry))),
    ...others.map((entry) => besideVersions(folder, name, entry, versions.length > 0)),
  ]);
}

function inVersion(folder: string, name: string, version: string): Partial<RepositoryLayout> {
  const path = resolve(folder, name, version, modelFile);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    const entries = readdirSync(join(folder, name, version));
    const other = entries.find((entry) => entry.endsWith(extension)) ?? entries.find((entry) => entry.endsWith('.ort'));
    if (other?.endsWith(extension) === true)
      return { mistakes: [`${path} cannot be read (ENOENT); rename ${other} to ${modelFile}`] };
    if (other !== undefined) return { mistakes: [`${path} cannot be read (ENOENT); ${ortText(other)}`] };
  }
  return named(name, version, path);
}

/** Whatever is no version: folders of old ones, labels, a configuration of another server. */
function besideVersions(folder: string, name: string, entry: string, hasVersions: boolean): Partial<RepositoryLayout> {
  const place = `${name}/${entry}`;
  if (entry === modelFile && !hasVersions)
    return { mistakes: [`${resolve(folder, name, entry)} is not in a version folder such as ${name}/1`] };
  if (entry.endsWith(extension))
    return { ignored: [`${place} is neither ${name}.onnx nor ${name}/<version>/${modelFile}`] };
  if (entry.endsWith('.ort')) return { ignored: [ortText(place)] };
  return hasModel(join(folder, name, entry))
    ? { ignored: [`${place} is not a version, which is a whole number from 1, as in ${name}/1`] }
    : {};
}

function hasModel(folder: string): boolean {
  try {
    return readdirSync(folder).some((entry) => entry.endsWith(extension));
  } catch {
    // A file, or nothing that this process may see.
    return false;
  }
}

/** One file, unless name or path are those of something else. */
export function named(name: string, version: string, path: string): Partial<RepositoryLayout> {
  const mistakes = [
    ...(isModelName(name)
      ? []
      : [`${JSON.stringify(name)} is not a model name; letters, digits, ".", "_" and "-" are allowed`]),
    ...mistakesOf(path),
  ];
  return mistakes.length === 0 ? { files: [{ name, version, path }] } : { mistakes };
}

/** A pipe or a device may have no end, or never give a byte. */
function mistakesOf(path: string): string[] {
  const found = statSync(path);
  if (found.isDirectory()) return [`${path} is a folder`];
  return found.isFile() ? [] : [`${path} is neither a file nor a folder`];
}

function duplicates(files: readonly RepositoryFile[]): string[] {
  const seen = new Set<string>();
  const twice = files.filter(({ name, version }) => seen.size === seen.add(`${name} version ${version}`).size);
  return twice.map(({ name, version }) => `${name} version ${version} exists twice`);
}

/** Follows links, which Kubernetes mounts consist of. Throws if nothing is there. */
export const isFolder = (path: string): boolean => statSync(path).isDirectory();

function orUnreadable(place: string, read: () => Partial<RepositoryLayout>): Partial<RepositoryLayout> {
  try {
    return read();
  } catch (error) {
    return { mistakes: [unreadable(error, place)] };
  }
}

/** What cannot be read, and the system's code for why. Throws any other error. */
export function unreadable(error: unknown, place: string): string {
  const { path = place, code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return `${path} cannot be read (${code})`;
}
