import { resolve } from 'node:path';
import { z } from 'zod';
import {
  isFolder,
  isModelName,
  layoutOf,
  named,
  namesIn,
  type RepositoryFile,
  type RepositoryLayout,
  unreadable,
} from './repository-layout.ts';

export type { RepositoryFile };

/** The name of a file in metrics and logs, where a task may have the same name. */
export const labelOf = ({ name, version }: Pick<RepositoryFile, 'name' | 'version'>): string =>
  `tensors/${name}:${version}`;

/** The layout of a repository is wrong; the message has every mistake. */
class LayoutError extends Error {
  override readonly name = 'LayoutError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('; '));
    this.mistakes = mistakes;
  }
}

/** Mistakes that are told at once. */
const maxMistakes = 10;
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
        const mistakes = error instanceof LayoutError ? error.mistakes : [unreadable(error, text)];
        const told = firstOf(mistakes);
        for (const [index, mistake] of told.entries()) {
          const message = index === told.length - 1 ? `${mistake}; use ${layouts}` : mistake;
          context.addIssue({ code: 'custom', message });
        }
        return [];
      }
    });

/**
 * The files that this value of `MODEL_REPOSITORY` names.
 * @throws {LayoutError} where they are laid out wrongly, or there are none and there have to be
 */
export function repositoryFiles(text: string, { mayBeEmpty = false } = {}): RepositoryFile[] {
  const layout = layoutIn(text);
  if (layout.files.length > 0 || layout.mistakes.length > 0 || mayBeEmpty) return filesIn(layout);
  throw new LayoutError([['the folder contains no model', ...firstOf(layout.ignored)].join('; ')]);
}

/**
 * The versions of one model as they are now; none where the repository has no such model.
 * @throws {LayoutError} where they are laid out wrongly
 */
export function filesOfModel(text: string, name: string): RepositoryFile[] {
  return isModelName(name) ? filesIn(layoutIn(text, name)).filter((file) => file.name === name) : [];
}

/** What in this repository looks like a model and is not served, and why. */
export const ignoredIn = (text: string): string[] => firstOf(layoutIn(text).ignored);

/** The layout of all models, or of one. Throws where there is nothing. */
function layoutIn(text: string, model?: string): RepositoryLayout {
  const file = namedFile(text);
  if (file === undefined) {
    if (!isFolder(text)) throw new LayoutError([`${text} is a file`]);
    return layoutOf(text, (name) => model === undefined || name === model);
  }
  const single = named(file.name, '1', resolve(file.path));
  return { files: [], mistakes: [], ignored: [], ...(model === undefined || file.name === model ? single : {}) };
}

/** The oldest version of each model first. */
function filesIn({ files, mistakes }: RepositoryLayout): RepositoryFile[] {
  if (mistakes.length > 0) throw new LayoutError(mistakes);
  return [...files].sort((one, other) => one.name.localeCompare(other.name) || byAge(one.version, other.version));
}

function firstOf(texts: readonly string[]): string[] {
  const more = texts.length - maxMistakes;
  return more > 0 ? [...texts.slice(0, maxMistakes), `there are ${more} more like these`] : [...texts];
}

/** The models that the repository has now, in order. */
export function modelNames(text: string): string[] {
  const file = namedFile(text);
  return file === undefined ? namesIn(text) : [file.name];
}

/** `NAME=PATH`; undefined for the path of a folder. */
function namedFile(text: string): { readonly name: string; readonly path: string } | undefined {
  const [, name, path] = /^([^=/\\]*)=(.*)$/.exec(text) ?? [];
  return name === undefined || path === undefined ? undefined : { name, path };
}

/** Whole numbers without leading zeros: of two, the one with more digits is larger, however many there are. */
const byAge = (one: string, other: string): number => one.length - other.length || one.localeCompare(other);
