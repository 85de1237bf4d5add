import { FileValue, type Input, type Item, type Output, type StreamingTask, type Task } from '@portico/schemas';
import type { TRPCMutationProcedure } from '@trpc/server';
import { z } from 'zod';
import { type ApiErrorShape, procedure, trpcErrorOf } from './trpc.ts';

/** The procedures of one task. No interface: it would need an index signature, and any name would be a procedure. */
export type TaskProcedures<T extends Task> = {
  /** Run the task on one input. */
  infer: TRPCMutationProcedure<{ meta: object; input: Input<T>; output: Output<T>; errorShape: ApiErrorShape }>;
} & (T extends StreamingTask ? StreamProcedure<T> : object);

type StreamProcedure<T extends Task> = {
  /**
   * Run the task on one input and tell its items as they are found; the generator returns the output.
   * A mutation, because a subscription would put the input into a URL; to be read with `httpBatchStreamLink`.
   */
  stream: TRPCMutationProcedure<{
    meta: object;
    input: Input<T>;
    output: AsyncIterable<Item<T>, Output<T>, unknown>;
    errorShape: ApiErrorShape;
  }>;
};

/** The procedures of every task, under its name. */
export type AllTaskProcedures<T extends Readonly<Record<string, Task>>> = {
  [Name in keyof T]: TaskProcedures<T[Name]>;
};

/** Maps over the contract: each task becomes `<name>.infer`, and `<name>.stream` where it streams. */
export function taskProcedures<T extends Readonly<Record<string, Task>>>(tasks: T): AllTaskProcedures<T> {
  const entries = Object.values(tasks).map((task) => [
    task.name,
    { infer: inferProcedure(task), ...(task.item === undefined ? {} : { stream: streamProcedure(task) }) },
  ]);
  return Object.fromEntries(entries) as AllTaskProcedures<T>;
}

function inferProcedure(task: Task) {
  return procedure.input(inputSchema(task)).mutation(({ ctx, input, signal }) => ctx.infer(task.name, input, signal));
}

function streamProcedure(task: Task) {
  return procedure.input(inputSchema(task)).mutation(async function* ({ ctx, input, signal }) {
    try {
      return yield* ctx.stream(task.name, input, signal);
    } catch (error) {
      // What the middleware sees is a generator that has not begun.
      throw trpcErrorOf(error);
    }
  });
}

/** What `<task>.infer` takes; the answer was checked against the task's schema in the engine. */
function inputSchema(task: Task): z.ZodType {
  const params = task.params.prefault({});
  return task.accepts.kind === 'json'
    ? z.strictObject({ input: task.accepts.schema, params })
    : z.strictObject({ file: FileValue, params });
}
