import { existsSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Model } from '../model/define-model.ts';
import { packageFolder } from '../weights/resolve-weights.ts';
import type { LoadCommand } from '../wire/messages.ts';
import { inPackage } from './author-errors.ts';
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
    throw importError(module, cause);
  }
  if (exported?.loadRunner !== undefined) return exported as RunnerModule;
  const name = inPackage(fileURLToPath(module), module);
  if (exported?.load === undefined || exported.run === undefined || exported.task === undefined) {
    throw new TypeError(`${name} has no model: it needs "export default defineModel(task, { load, run, warmUp })".`);
  }
  if (task !== undefined && exported.task.name !== task) {
    throw new TypeError(
      `${name} implements the task "${exported.task.name}", but is registered for "${task}". Register the task that it implements.`,
    );
  }
  return exported as Model;
}

/** Why a module cannot be imported, and what to do. Where that says all, the stack of the module loader is left out. */
function importError(module: string, error: unknown): Error {
  const path = fileURLToPath(module);
  const folder = packageFolder(module);
  const name = inPackage(path, module);
  const [head = '', next = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  // What compiles on import says that something failed, and then where and what.
  const message = head.endsWith(':') ? next.replaceAll(`${folder}${sep}`, '') : head;
  if (!existsSync(path)) {
    return new Error(
      `${path} does not exist, and is registered as the implementation of a model. Correct "implementation" where the model is ` +
        'registered, and compile what is TypeScript.',
    );
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
    return new Error(
      `${name} or a module that it imports is not JavaScript: ${message}. Compile it first, or use "portico dev".`,
    );
  }
  if (code !== 'ERR_MODULE_NOT_FOUND') return new Error(`${name} cannot be imported: ${message}`, { cause: error });
  const [, missing, importer = path] = /Cannot find package '([^']+)' imported from (.+)/.exec(message) ?? [];
  if (missing !== undefined) {
    return new Error(
      `${inPackage(importer, module)} imports "${missing}", which is not installed. Run "npm install ${missing}" in ${folder}.`,
    );
  }
  return new Error(`${name} cannot be imported: ${message}. Correct the path in the import.`);
}
