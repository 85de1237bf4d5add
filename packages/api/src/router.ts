import {
  FileValue,
  type Input,
  type Item,
  type ModelList,
  type Output,
  type StreamingTask,
  type Task,
  TensorCall,
  type TensorResult,
  tasks,
} from '@portico/schemas';
import type { TRPCMutationProcedure, TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import { type ApiErrorShape, type Context, invalidParameters, procedure, router, trpcErrorOf } from './trpc.ts';

/** The procedures of one task. No interface: it would need an index signature, and any name would be a procedure. */
export type TaskProcedures<T extends Task> = {
  /** Run the task on one input. */
  infer: TRPCMutationProcedure<{ meta: object; input: Input<T>; output: Output<T>; errorShape: ApiErrorShape }>;
} & (T extends StreamingTask ? StreamProcedure<T> : object);

type StreamProcedure<T extends Task> = {
  /**
   * Run the task on one input and yield its items as they are found; the generator returns the output. A mutation,
   * because a subscription would put the input into a URL. Clients read it with `httpBatchStreamLink`.
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

/** The procedures that do not depend on the tasks. */
const serverProcedures = {
  tensors: router({
    /** Run a model of the model repository, tensors in and tensors out. */
    infer: procedure
      .input(TensorCall)
      .mutation(({ ctx, input, signal }) => ctx.tensors(input, signal) as Promise<TensorResult>),
  }),
  models: router({
    /** The served models with their parameters, weights and devices. */
    list: procedure.query(({ ctx }) => ctx.models() as ModelList),
  }),
  status: router({
    /** Whether every configured model can serve requests, and if not, why. */
    ready: procedure.query(({ ctx }) => ctx.ready()),
    /** The GPUs as NVML reports them. */
    gpu: procedure.query(({ ctx }) => ctx.gpu()),
  }),
};

/** The router of a server with the bundled tasks. It holds the contract; what runs is injected by the context. */
export const appRouter = router({ ...taskProcedures(tasks), ...serverProcedures });

export type AppRouter = typeof appRouter;

/** The router of a server with these tasks. */
export const routerOf = (served: Readonly<Record<string, Task>>) =>
  router({ ...(taskProcedures(served) as TRPCRouterRecord), ...serverProcedures });

/** Maps over the tasks: each becomes `<name>.infer`, and `<name>.stream` if it streams. */
export function taskProcedures<T extends Readonly<Record<string, Task>>>(served: T): AllTaskProcedures<T> {
  const entries = Object.values(served).map((task) => [
    task.name,
    { infer: inferProcedure(task), ...(task.item === undefined ? {} : { stream: streamProcedure(task) }) },
  ]);
  return Object.fromEntries(entries) as AllTaskProcedures<T>;
}

function inferProcedure(task: Task) {
  return procedure.input(inputSchema(task)).mutation(({ ctx, input, signal }) => ctx.infer(task.name, input, signal));
}

/** Does what `<task>.infer` does with the value of a call, and throws what the procedure throws. */
export type InferCall = (context: Context, value: unknown) => Promise<unknown>;

/**
 * `<task>.infer` without tRPC's middlewares, each of which copies the options of a call twice: that takes half of the time of a
 * batch of small inputs.
 */
export function inferCall(task: Task): InferCall {
  const schema = inputSchema(task);
  return async (context, value) => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw trpcErrorOf(invalidParameters(parsed.error));
    try {
      return await context.infer(task.name, parsed.data, undefined);
    } catch (error) {
      throw trpcErrorOf(error);
    }
  };
}

function streamProcedure(task: Task) {
  return procedure.input(inputSchema(task)).mutation(async function* ({ ctx, input, signal }) {
    try {
      return yield* ctx.stream(task.name, input, signal);
    } catch (error) {
      // The middleware sees only a generator that has not started.
      throw trpcErrorOf(error);
    }
  });
}

/**
 * The input of a task's procedures. Input that is itself JSON is for the context to check, or to have checked: it may be
 * large. There is no output schema: the engine has validated the output.
 */
function inputSchema(task: Task): z.ZodType {
  const params = task.params.prefault({});
  const { accepts } = task;
  if (accepts.kind === 'json') return z.strictObject({ input: z.unknown(), params });
  if (accepts.kind !== 'form') return z.strictObject({ file: FileValue, params });
  const files = Object.fromEntries(Object.keys(accepts.parts).map((part) => [part, FileValue]));
  return z.strictObject({ files: z.strictObject(files), params });
}
