import { z } from 'zod';
import type { FileInput, FileValue, JsonInput, TaskInput } from './media.ts';
import type { Picture } from './picture.ts';
import { reservedNames, taskNamePattern } from './reserved-names.ts';

/** The contract of a task: what it accepts, its parameters and what it answers. */
export interface Task<
  Name extends string = string,
  Accepts extends TaskInput = TaskInput,
  Params extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
  Item extends z.ZodType | undefined = z.ZodType | undefined,
  Produces extends Picture | undefined = Picture | undefined,
> {
  /** Names the route (`POST /<name>`), the tRPC procedure, the SDK method and the metrics' label. */
  readonly name: Name;
  /** One sentence for the documentation. */
  readonly summary: string;
  readonly accepts: Accepts;
  /** Every parameter has a default, so that a call without parameters is valid. Unknown names are refused. */
  readonly params: Params;
  readonly output: Output;
  /** What a streaming task tells on its way to the output: one thing at a time, as soon as it is known. */
  readonly item: Item;
  /** The picture in the output, for clients who want that alone (`Accept: image/png`). */
  readonly produces: Produces;
}

/** A task that also streams. */
export type StreamingTask = Task & { readonly item: z.ZodType };

/** What a client may leave out or pass as parameters. */
export type ParamsInput<T extends Task> = z.input<T['params']>;
/** The parameters with their defaults filled in. */
export type Params<T extends Task> = z.output<T['params']>;
/** What the task answers. */
export type Output<T extends Task> = z.output<T['output']>;
/** What a streaming task tells one at a time; `never` where the task does not stream. */
export type Item<T extends Task> = T['item'] extends z.ZodType ? z.output<T['item']> : never;
/** What the task is asked about, as it travels over tRPC. */
export type Input<T extends Task> =
  T['accepts'] extends JsonInput<infer Schema>
    ? { readonly input: z.input<Schema>; readonly params?: ParamsInput<T> | undefined }
    : T['accepts'] extends FileInput
      ? { readonly file: FileValue; readonly params?: ParamsInput<T> | undefined }
      : never;

/** What `defineTask` is told. */
export type TaskDefinition<
  Name extends string,
  Accepts extends TaskInput,
  Params extends z.ZodObject,
  Output extends z.ZodType,
  Item extends z.ZodType | undefined,
  Produces extends Picture | undefined,
> = Omit<Task<Name, Accepts, Params, Output, Item, Produces>, 'item' | 'produces'> & {
  readonly item?: Item;
  readonly produces?: Produces;
};

/**
 * Declares a task once for the server, the SDK, the documentation and the demo.
 *
 * @throws {TypeError} when the name is reserved or unusable in a URL, when a parameter has no default, when one is
 *   called `file`, which in a form is the file itself, or when the output has no field for the picture.
 */
export function defineTask<
  const Name extends string,
  Accepts extends TaskInput,
  Params extends z.ZodObject,
  Output extends z.ZodType,
  Item extends z.ZodType | undefined = undefined,
  const Produces extends Picture | undefined = undefined,
>(
  task: TaskDefinition<Name, Accepts, Params, Output, Item, Produces>,
): Task<Name, Accepts, Params, Output, Item, Produces> {
  if (!taskNamePattern.test(task.name)) {
    throw new TypeError(`Task name "${task.name}" must match ${taskNamePattern.source}.`);
  }
  if (reservedNames.has(task.name)) throw new TypeError(`Task name "${task.name}" is reserved.`);
  if ('file' in task.params.shape) throw new TypeError(`Task "${task.name}": no parameter can be called "file".`);
  const params = task.params.strict() as unknown as Params;
  if (!params.safeParse({}).success) {
    throw new TypeError(`Task "${task.name}": every parameter needs a default or must be optional.`);
  }
  const { item, produces, output } = task;
  if (produces !== undefined && !(output instanceof z.ZodObject && produces.field in output.shape)) {
    throw new TypeError(`Task "${task.name}": the output has no field "${produces.field}" for the picture.`);
  }
  return Object.freeze({ ...task, params, item: item as Item, produces: produces as Produces });
}
