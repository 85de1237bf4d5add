import { reservedNames, taskNamePattern } from '@portico/schemas';
import { CommandLineError } from '../command.ts';
import type { Names } from './preset.ts';

/** What npm, Docker and Kubernetes all take. */
const projectPattern = /^[a-z](?:-?[a-z0-9]){0,39}$/;
/** Folders of a project that are something else. */
const takenFolders = new Set(['build', 'coverage', 'dist', 'node_modules', 'test', 'weights']);

/**
 * The name of a project and of its package, image and deployment.
 * @throws {CommandLineError}
 */
export function projectName(name: string): string {
  if (projectPattern.test(name)) return name;
  throw new CommandLineError(
    `"${name}" cannot be the name of a project: use lower-case letters, digits and single dashes, such as digits or file-types.`,
  );
}

/**
 * The names of a model, from that of its task.
 * @param inRepository Portico's own, whose contracts are constants of the names of their tasks
 * @throws {CommandLineError}
 */
export function namesOf(task: string, inRepository: boolean): Names {
  if (!taskNamePattern.test(task) || reservedNames.has(task) || takenFolders.has(task)) {
    throw new CommandLineError(
      `No task can be called "${task}": ` +
        `${taskNamePattern.test(task) ? 'the name is taken' : 'use at most 32 letters and digits that begin with a lower-case letter'}. Name it with --task.`,
    );
  }
  return {
    task,
    constant: inRepository ? task : `${task}Task`,
    model: `${task}Model`,
    type: `${task.charAt(0).toUpperCase()}${task.slice(1)}`,
  };
}

/** The task of a project that was given no other: `fileTypes` in `file-types`. */
export const taskOfProject = (project: string): string =>
  project.replaceAll(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
