import type { TaskContracts } from './contract.ts';
import type { FileInput } from './file-input.ts';
import type { CallOptions } from './options.ts';
import type { TaskKind } from './task-kinds.ts';

/** A task that the server may serve. */
export type TaskName = keyof TaskContracts;
/** The parameters of a task; each has a default. */
export type TaskParams<Name extends TaskName> = TaskContracts[Name]['params'];
/** The answer of a task. */
export type TaskOutput<Name extends TaskName> = TaskContracts[Name]['output'];

/** The shape that every entry of `TaskContracts` has. */
export interface TaskContract {
  accepts: TaskKind;
  input: unknown;
  params: object;
  output: unknown;
  /** What a streaming task tells one at a time; `never` where the task does not stream. */
  item: unknown;
}

/** Asks one task: about a file, or about a JSON value where the task takes JSON. */
export type TaskMethod<Contract extends TaskContract> = Contract['accepts'] extends 'json'
  ? (input: Contract['input'], params?: Contract['params'], options?: CallOptions) => Promise<Contract['output']>
  : (file: FileInput, params?: Contract['params'], options?: CallOptions) => Promise<Contract['output']>;

/** One method per task. */
export type TaskMethods = { readonly [Name in keyof TaskContracts]: TaskMethod<TaskContracts[Name]> };
