import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { CommandError } from '../command.ts';
import type { Project } from '../project.ts';
import type { Names } from './preset.ts';
import type { ModelLayout } from './project/model-files.ts';

/** Where a model goes. All paths are absolute. */
export interface Target extends ModelLayout {
  /** Of the package that the model belongs to; paths of weights start there. */
  readonly packageFolder: string;
  /** The module with the list of models. */
  readonly models: string;
  /** Of the model itself. */
  readonly modelFolder: string;
  readonly contract: string;
  /** Where the contract finds what it imports. */
  readonly contractFrom: (specifier: string, name: string) => string;
  /** Where there is one, the package of all contracts: this repository keeps them apart from their models. */
  readonly schemas: string | undefined;
}

const same = (specifier: string): string => specifier;

/** In a project that does not exist yet. */
export const targetInNewProject = (folder: string, { task }: Names): Target => ({
  packageFolder: folder,
  models: join(folder, 'models.ts'),
  modelFolder: join(folder, task),
  contract: join(folder, task, 'contract.ts'),
  contractFrom: same,
  elsewhere: same,
  testModule: 'node:test',
  schemas: undefined,
});

/**
 * In a project that has models, beside their list.
 * @throws {CommandError} when it has a model of that name.
 */
export function targetInProject(project: Project & { readonly models: string }, { task }: Names): Target {
  const packageFolder = nearestPackage(dirname(project.models));
  const modelFolder = join(dirname(project.models), task);
  if (existsSync(modelFolder)) throw taken(modelFolder);
  const target: Target = {
    packageFolder,
    models: project.models,
    modelFolder,
    contract: join(modelFolder, 'contract.ts'),
    contractFrom: same,
    elsewhere: same,
    testModule: 'node:test',
    schemas: undefined,
  };
  const schemas = schemasOf(project);
  return schemas === undefined ? target : inRepository(target, schemas, task);
}

const taken = (path: string): CommandError =>
  new CommandError(`${relative(process.cwd(), path) || path} exists already. Name the task differently with --task.`);

/** The package of all contracts, where a project has one. */
export function schemasOf({ folder }: Project): string | undefined {
  const schemas = join(folder, 'packages/schemas/src');
  return existsSync(join(schemas, 'tasks/index.ts')) ? schemas : undefined;
}

/** Portico's own repository: contracts are in `@portico/schemas`, and tests are run by vitest. */
function inRepository(target: Target, schemas: string, task: string): Target {
  const modules = exportsOf(schemas);
  const contract = join(schemas, 'tasks', `${task}.ts`);
  if (existsSync(contract)) throw taken(contract);
  return {
    ...target,
    contract,
    contractFrom: (specifier, name) => {
      if (specifier !== '@portico/schemas') return specifier;
      const module = modules.get(name);
      if (module === undefined)
        throw new CommandError(`packages/schemas does not export ${name}, which the contract needs.`);
      return `../${module}`;
    },
    elsewhere: (specifier) => (specifier === './contract.ts' ? '@portico/schemas' : specifier),
    testModule: 'vitest',
    schemas,
  };
}

/** The module of each name that the package's modules export. */
function exportsOf(folder: string): Map<string, string> {
  const files = readdirSync(folder).filter((file) => /^(?!index\.).*(?<!\.test|\.test-d)\.ts$/.test(file));
  return new Map(
    files.flatMap((file) =>
      [
        ...readFileSync(join(folder, file), 'utf8').matchAll(
          /^export (?:const|function|class|type|interface) ([\w$]+)/gm,
        ),
      ].map(([, name = '']) => [name, file] as const),
    ),
  );
}

function nearestPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json')) || folder === dirname(folder)) return folder;
  return nearestPackage(dirname(folder));
}

/** A path below a folder, with forward slashes. */
export const pathBelow = (folder: string, path: string): string => relative(folder, path).split(sep).join('/');
