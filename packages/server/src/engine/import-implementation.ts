import { existsSync } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Model } from '../model/define-model.ts';
import { packageFolder } from '../weights/resolve-weights.ts';
import type { LoadCommand } from '../wire/messages.ts';
import type { RunnerModule } from './runner.ts';

/**
 * Imports the module that implements a task.
 * @throws when it cannot be imported, or does not export what was registered; the message says what to do, and the cause has the stack.
 */
export async function importImplementation({
  module,
  task,
}: Pick<LoadCommand, 'module' | 'task'>): Promise<Model | RunnerModule> {
  let exported: Partial<Model & RunnerModule> | undefined;
  try {
    ({ default: exported } = (await import(module)) as { default?: Partial<Model & RunnerModule> });
  } catch (cause) {
    throw new Error(importFailure(module, cause), { cause });
  }
  if (exported?.loadRunner !== undefined) return exported as RunnerModule;
  if (exported?.load === undefined || exported.run === undefined || exported.task === undefined) {
    throw new TypeError(`${module} has no model: it needs "export default defineModel(task, { load, run, warmUp })".`);
  }
  if (task !== undefined && exported.task.name !== task) {
    throw new TypeError(
      `${module} implements the task "${exported.task.name}", but is registered for "${task}". Register the task that it implements.`,
    );
  }
  return exported as Model;
}

/** Why a module cannot be imported, and what to do. */
function importFailure(module: string, error: unknown): string {
  const path = module.startsWith('file:') ? fileURLToPath(module) : module;
  const folder = module.startsWith('file:') ? packageFolder(module) : dirname(path);
  const name = relative(folder, path) || basename(path);
  const [head = '', next = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  // What compiles on import says that something failed, and then where and what.
  const message = head.endsWith(':') ? next.replaceAll(`${folder}${sep}`, '') : head;
  if (!existsSync(path) && module.startsWith('file:')) {
    return (
      `${path} does not exist, and is registered as the implementation of a model. Correct "implementation" where the model is ` +
      'registered, and compile what is TypeScript.'
    );
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
    return `${name} or a module that it imports is not JavaScript: ${message}. Compile it first, or use "portico dev".`;
  }
  if (code !== 'ERR_MODULE_NOT_FOUND') return `${name} cannot be imported: ${message}`;
  const [, missing, importer = path] = /Cannot find package '([^']+)' imported from (.+)/.exec(message) ?? [];
  if (missing !== undefined) {
    return `${relative(folder, importer)} imports "${missing}", which is not installed. Run "npm install ${missing}" in ${folder}.`;
  }
  return `${name} cannot be imported: ${message}. Correct the path in the import.`;
}
