import { z } from 'zod';
import type { BytesField, FileInput, FileValue, FormInput, JsonInput, TaskInput } from './media.ts';
import { type WarningMessages, type WithWarnings, withWarnings } from './warnings.ts';

/** A task's name is part of URLs and metric labels, and a property of the SDK. */
export const taskNamePattern = /^[a-z][a-zA-Z0-9]{0,31}$/;

/** Names that no task may take, because they mean something else in a URL, in the SDK or in JavaScript. Programs that do not read it leave it out. */
export const reservedNames: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ (
    'apply batch call catch constructor docs finally gpu hasOwnProperty health infer invocations metrics models openapi ping prototype ' +
    'ready status stream tensors then toJSON toString trpc v1 v2 valueOf'
  ).split(' '),
);

/** The contract of a task: what it accepts, its parameters and its output. */
export interface Task<
  Name extends string = string,
  Accepts extends TaskInput = TaskInput,
  Params extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
  Item extends z.ZodType | undefined = z.ZodType | undefined,
  Produces extends BytesField | undefined = BytesField | undefined,
> {
  /** Names the route (`POST /<name>`), the tRPC procedure, the SDK method and the metric label. */
  readonly name: Name;
  /** One sentence for the documentation. */
  readonly summary: string;
  readonly accepts: Accepts;
  /** Every parameter has a default or is optional, so a call without parameters is valid. Unknown names are rejected. */
  readonly params: Params;
  readonly output: Output;
  /** One item of a streaming task, sent as soon as it is found. The output follows the last item. */
  readonly item: Item;
  /** The bytes in the output, for clients that want them alone (`Accept: image/png`). */
  readonly produces: Produces;
  /** What the model may be unable to see or do, by codes; the output then has the field `warnings`. */
  readonly warnings: WarningMessages | undefined;
}

/** A task that also streams. */
export type StreamingTask = Task & { readonly item: z.ZodType };

/** The parameters as a client passes them, where those with a default are optional. */
export type ParamsInput<T extends Task> = z.input<T['params']>;
/** The parameters with their defaults filled in. */
export type Params<T extends Task> = z.output<T['params']>;
/** The output of the task, as clients get it. */
export type Output<T extends Task> = z.output<T['output']>;
/** One item of a streaming task; `never` if the task does not stream. */
export type Item<T extends Task> = T['item'] extends z.ZodType ? z.output<T['item']> : never;
/** The input of the task's tRPC procedures. */
export type Input<T extends Task> =
  T['accepts'] extends JsonInput<infer Schema>
    ? { readonly input: z.input<Schema>; readonly params?: ParamsInput<T> | undefined }
    : T['accepts'] extends FormInput<infer Parts>
      ? { readonly files: { readonly [Part in keyof Parts]: FileValue }; readonly params?: ParamsInput<T> | undefined }
      : T['accepts'] extends FileInput
        ? { readonly file: FileValue; readonly params?: ParamsInput<T> | undefined }
        : never;

/** The argument of `defineTask`. */
export type TaskDefinition<
  Name extends string,
  Accepts extends TaskInput,
  Params extends z.ZodObject,
  Output extends z.ZodType,
  Item extends z.ZodType | undefined,
  Produces extends BytesField | undefined,
  Warnings extends WarningMessages | undefined = undefined,
> = Omit<Task<Name, Accepts, Params, Output, Item, Produces>, 'item' | 'produces' | 'warnings'> & {
  readonly item?: Item;
  readonly produces?: Produces;
  /**
   * Warnings by their codes, with their meanings: `{ truncated: 'The text was longer than the model reads: its end was left out.' }`.
   * The output, an object, then has the field `warnings`, a list that is empty as a rule.
   */
  readonly warnings?: Warnings;
};

/**
 * Declares a task once for the server, the SDK, the documentation and the demo.
 *
 * @throws {TypeError} if the name is reserved or invalid, if a parameter has no default and is not optional, if a
 *   parameter is called `file`, which in a form is the file itself, or as one of the task's files, if the output lacks
 *   the field for the bytes that the task produces, or if warnings have no codes or messages, or no output that is an object.
 */
export function defineTask<
  const Name extends string,
  Accepts extends TaskInput,
  Params extends z.ZodObject,
  Output extends z.ZodType,
  Item extends z.ZodType | undefined = undefined,
  const Produces extends BytesField | undefined = undefined,
  const Warnings extends WarningMessages | undefined = undefined,
>(
  task: TaskDefinition<Name, Accepts, Params, Output, Item, Produces, Warnings>,
): Task<Name, Accepts, Params, WithWarnings<Output, Warnings>, Item, Produces> {
  if (!taskNamePattern.test(task.name)) {
    throw new TypeError(`Task name "${task.name}" must match ${taskNamePattern.source}.`);
  }
  if (reservedNames.has(task.name)) throw new TypeError(`Task name "${task.name}" is reserved.`);
  const files = ['file', ...(task.accepts.kind === 'form' ? Object.keys(task.accepts.parts) : [])];
  const taken = files.find((name) => name in task.params.shape);
  if (taken !== undefined) throw new TypeError(`Task "${task.name}": no parameter can be called "${taken}".`);
  const params = task.params.strict() as unknown as Params;
  if (!params.safeParse({}).success) {
    throw new TypeError(`Task "${task.name}": every parameter needs a default or must be optional.`);
  }
  const { item, produces, warnings } = task;
  const output = warnings === undefined ? task.output : withWarnings(task.name, task.output, warnings);
  if (produces !== undefined && !(output instanceof z.ZodObject && produces.field in output.shape)) {
    throw new TypeError(`Task "${task.name}": the output has no field "${produces.field}" for what it produces.`);
  }
  return Object.freeze({
    ...task,
    params,
    output: output as WithWarnings<Output, Warnings>,
    item: item as Item,
    produces: produces as Produces,
    warnings: warnings && Object.freeze({ ...warnings }),
  });
}
