import type { z } from 'zod';
import type { FileInput, FileValue, JsonInput, TaskInput } from './media.ts';
import { reservedNames, taskNamePattern } from './reserved-names.ts';

/** The contract of a task: what it accepts, its parameters and what it answers. */
export interface Task<
  Name extends string = string,
  Accepts extends TaskInput = TaskInput,
  Params extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
> {
  /** Names the route (`POST /<name>`), the tRPC procedure, the SDK method and the metrics' label. */
  readonly name: Name;
  /** One sentence for the documentation. */
  readonly summary: string;
  readonly accepts: Accepts;
  /** Every parameter has a default, so that a call without parameters is valid. Unknown names are refused. */
  readonly params: Params;
  readonly output: Output;
}

/** What a caller may leave out or pass as parameters. */
export type ParamsInput<T extends Task> = z.input<T['params']>;
/** The parameters with their defaults filled in. */
export type Params<T extends Task> = z.output<T['params']>;
/** What the task answers. */
export type Output<T extends Task> = z.output<T['output']>;
/** What the task is asked about, as it travels over tRPC. */
export type Input<T extends Task> =
  T['accepts'] extends JsonInput<infer Schema>
    ? { readonly input: z.input<Schema>; readonly params?: ParamsInput<T> | undefined }
    : T['accepts'] extends FileInput
      ? { readonly file: FileValue; readonly params?: ParamsInput<T> | undefined }
      : never;

/**
 * Declares a task once for the server, the SDK, the documentation and the demo.
 *
 * @throws {TypeError} when the name is reserved or unusable in a URL, when a parameter has no default, or when one is
 *   called `file`, which in a form is the file itself.
 */
export function defineTask<
  const Name extends string,
  Accepts extends TaskInput,
  Params extends z.ZodObject,
  Output extends z.ZodType,
>(task: Task<Name, Accepts, Params, Output>): Task<Name, Accepts, Params, Output> {
  if (!taskNamePattern.test(task.name)) {
    throw new TypeError(`Task name "${task.name}" must match ${taskNamePattern.source}.`);
  }
  if (reservedNames.has(task.name)) throw new TypeError(`Task name "${task.name}" is reserved.`);
  if ('file' in task.params.shape) throw new TypeError(`Task "${task.name}": no parameter can be called "file".`);
  const params = task.params.strict() as unknown as Params;
  if (!params.safeParse({}).success) {
    throw new TypeError(`Task "${task.name}": every parameter needs a default or must be optional.`);
  }
  return Object.freeze({ ...task, params });
}
