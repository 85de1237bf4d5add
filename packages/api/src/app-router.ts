import { type Task, TensorCall, tasks } from '@portico/schemas';
import type { TRPCRouterRecord } from '@trpc/server';
import { taskProcedures } from './task-router.ts';
import { procedure, router } from './trpc.ts';

/** What does not depend on the tasks. */
const others = {
  tensors: router({
    /** Ask a model of the model repository, tensors in and tensors out. */
    infer: procedure.input(TensorCall).mutation(({ ctx, input, signal }) => ctx.tensors(input, signal)),
  }),
  models: router({
    /** The served models with their parameters, weights and devices. */
    list: procedure.query(({ ctx }) => ctx.models()),
  }),
  status: router({
    /** Whether every configured model can be asked now, and if not, why. */
    ready: procedure.query(({ ctx }) => ctx.ready()),
    /** The GPUs as NVML reports them. */
    gpu: procedure.query(({ ctx }) => ctx.gpu()),
  }),
};

/** Every procedure of the server, as a contract: what runs is injected by the context. */
export const appRouter = router({ ...taskProcedures(tasks), ...others });

/** The router of a server with these tasks, of which some may be its own. */
export const routerOf = (served: Readonly<Record<string, Task>>) =>
  router({ ...(taskProcedures(served) as TRPCRouterRecord), ...others });

export type AppRouter = typeof appRouter;
