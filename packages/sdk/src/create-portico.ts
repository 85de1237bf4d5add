import { reservedNames, taskNamePattern } from '@portico/schemas';
import { connect } from './calls/connection.ts';
import { runCall } from './calls/run-call.ts';
import type { Client } from './client.ts';
import type { ModelList, TaskContracts } from './contract.ts';
import type { CallOptions, PorticoOptions } from './options.ts';
import type { Portico } from './portico.ts';
import { TaskKinds } from './tasks/task-kinds.ts';
import { taskMethod } from './tasks/task-method.ts';
import { tensorModel } from './tensors/tensor-model.ts';
import { trpcClient } from './trpc/trpc-client.ts';
import { untypedTrpc } from './trpc/untyped.ts';

/**
 * Makes a client of a Portico server. Its methods are those of the contract, by types alone: of the tasks that Portico comes
 * with, or of any other contract.
 *
 * @example
 * const portico = createPortico({ url: 'http://localhost:8000' });
 * const { text } = await portico.ocr(file, { minConfidence: 0.7 });
 *
 * @example
 * const mine = createPortico<typeof myTasks>({ url: 'http://localhost:8000' });
 *
 * @throws {TypeError} when the url is missing or none.
 */
export function createPortico<Tasks extends object = TaskContracts>(options: PorticoOptions): Portico<Tasks> {
  const connection = connect(options);
  const typed = trpcClient(connection);
  const trpc = untypedTrpc(typed);
  const kinds = new TaskKinds(async (attempt) => (await trpc.query('models.list', attempt)) as ModelList);
  const ask = (path: string, call: CallOptions = {}): Promise<unknown> =>
    runCall(connection, call, (attempt) => trpc.query(path, attempt));

  const client: Client = { connection, trpc, kinds };
  const server = {
    ready: (call?: CallOptions) => ask('status.ready', call),
    models: async (call?: CallOptions) => {
      const models = (await ask('models.list', call)) as ModelList;
      kinds.learn(models);
      return models;
    },
    gpu: (call?: CallOptions) => ask('status.gpu', call),
    tensors: (model: string) => tensorModel(connection, model),
    trpc: typed,
  };
  return withTasks(server, (task) => taskMethod(client, task)) as Portico<Tasks>;
}

/** Every other name that a task can have is a method, made when it is first asked for. */
function withTasks(server: object, make: (task: string) => object): object {
  const methods = new Map<string, object>();
  return new Proxy(server, {
    get(target, name, receiver): unknown {
      const isTask = typeof name === 'string' && taskNamePattern.test(name) && !reservedNames.has(name);
      // Above all `then` is none: a client is no promise.
      if (!isTask || Object.hasOwn(target, name)) return Reflect.get(target, name, receiver);
      const method = methods.get(name) ?? make(name);
      methods.set(name, method);
      return method;
    },
  });
}
