import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { RegisteredModel } from '../model/register-model.ts';
import { authorsStack } from './authors-stack.ts';
import { CommandError } from './command.ts';

/** A service: a folder with a package.json, and in it the list of its models. */
export interface Project {
  /** Absolute. */
  readonly folder: string;
  /** The module that exports `models`; undefined if the project has none. */
  readonly models: string | undefined;
  /** The module that starts the server; undefined if the project has none. */
  readonly main: string | undefined;
}

const ownFolder = realpathSync(fileURLToPath(new URL('../..', import.meta.url)));

/**
 * The project that a folder belongs to: the nearest package.json with `models.ts`, `main.ts` or their compiled form beside it, or that says
 * where they are: `"portico": { "models": "./path", "main": "./path" }`.
 * @throws {CommandError} if a package.json is no JSON, or names a file that does not exist.
 */
export function findProject(from = process.cwd()): Project | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) {
      const project = projectIn(folder);
      if (project.models !== undefined || project.main !== undefined) return project;
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/** @throws {CommandError} where there is none, or it has no list of models. */
export function requireModels(from = process.cwd()): Project & { readonly models: string } {
  const project = findProject(from);
  if (project?.models !== undefined) return { ...project, models: project.models };
  throw new CommandError(
    `There is no models.ts beside a package.json in ${project?.folder ?? resolve(from)} or above it. Run the command in the folder ` +
      'of a service, or make one with "portico new NAME model.onnx".',
  );
}

function projectIn(folder: string): Project {
  const { portico = {} } = readPackage(join(folder, 'package.json')) as {
    portico?: { readonly models?: string; readonly main?: string };
  };
  const module = (kind: 'models' | 'main'): string | undefined => {
    const given = portico[kind];
    if (given === undefined)
      return [`${kind}.ts`, `${kind}.js`].map((name) => join(folder, name)).find((path) => existsSync(path));
    const path = resolve(folder, given);
    if (existsSync(path)) return path;
    throw new CommandError(
      `${join(folder, 'package.json')} says that "portico.${kind}" is ${given}, and there is no such file.`,
    );
  };
  return { folder, models: module('models'), main: module('main') };
}

function readPackage(path: string): object {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as object;
  } catch (error) {
    throw new CommandError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/**
 * The registered models of a project, its sources compiled on import.
 * @throws {CommandError} if the module cannot be imported or exports no list of models.
 */
export async function loadModels({
  folder,
  models: path,
}: Project & { readonly models: string }): Promise<readonly RegisteredModel[]> {
  if (isSource(path)) await compileOnImport(folder);
  const { models } = (await importModule(path, folder)) as { models?: unknown };
  if (Array.isArray(models) && models.every(isRegistered)) return models;
  throw new CommandError(
    `${relative(process.cwd(), path) || path} exports no list of registered models: write "export const models = [digitModel];", ` +
      'each made by registerModel of @portico/server.',
  );
}

const isRegistered = (model: unknown): boolean =>
  typeof model === 'object' && model !== null && 'task' in model && 'settings' in model && 'module' in model;

/** Whether a module is source that is compiled on import. */
export const isSource = (path: string): boolean => /\.[cm]?ts$/.test(path);

/**
 * From now on this process, and every engine that it starts, compiles TypeScript on import, with the tsx of the project.
 * @throws {CommandError} if the project has none.
 */
export async function compileOnImport(folder: string): Promise<void> {
  let loader: string;
  try {
    loader = pathToFileURL(createRequire(join(folder, 'package.json')).resolve('tsx')).href;
  } catch {
    throw new CommandError(
      `The service in ${folder} is TypeScript, which tsx compiles on import, and it has no tsx: run "npm install --save-dev tsx".`,
    );
  }
  const option = `--import=${loader}`;
  const { NODE_OPTIONS: options = '' } = process.env;
  if (options.includes(option)) return;
  process.env['NODE_OPTIONS'] = `${options} ${option}`.trim();
  process.setSourceMapsEnabled(true);
  await import(loader);
}

/** @throws {CommandError} with the error that the module ends in, and where in the code of the project. */
export async function importModule(path: string, folder: string): Promise<object> {
  try {
    return (await import(pathToFileURL(path).href)) as object;
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const text = await authorsStack(stack, folder);
    throw new CommandError(`${relative(process.cwd(), path) || path} cannot be loaded: ${text}`, { cause: error });
  }
}

/**
 * Runs the command line with the copy of Portico that the project around this folder has, where this is another one, as npx downloads it:
 * its engines are to be those that the models import. Returns whether there is one.
 */
export async function handOver(from = process.cwd()): Promise<boolean> {
  const folder = installedFolder(from);
  if (folder === undefined || folder === ownFolder) return false;
  const { bin } = readPackage(join(folder, 'package.json')) as { bin?: string | Record<string, string> };
  const main = typeof bin === 'string' ? bin : bin?.['portico'];
  if (main === undefined || !existsSync(join(folder, main))) return false;
  await import(pathToFileURL(join(folder, main)).href);
  return true;
}

function installedFolder(from: string): string | undefined {
  try {
    return realpathSync(dirname(createRequire(join(from, 'package.json')).resolve('@portico/server/package.json')));
  } catch {
    // Nothing is installed there.
    return undefined;
  }
}
