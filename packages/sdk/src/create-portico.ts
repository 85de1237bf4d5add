import { reservedNames, taskNamePattern } from '@portico/schemas';
import { runCall } from './calls/call.ts';
import { connect } from './calls/connection.ts';
import type { ModelList, TaskContracts } from './contract.ts';
import type { BatchOptions, CallOptions, PorticoOptions, UploadOptions } from './options.ts';
import type { Portico } from './portico.ts';
import { type Client, infer, inferBatch, inferBlob } from './tasks/infer.ts';
import { inferStream } from './tasks/infer-stream.ts';
import { TaskKinds } from './tasks/task-kinds.ts';
import { tensorModel } from './tensors/tensor-model.ts';
import { trpcClient, untypedTrpc } from './trpc/trpc-client.ts';

/**
 * Creates a client of a Portico server. Its methods follow from the type of a contract: of the bundled tasks, or of your own.
 *
 * @example
 * const portico = createPortico({ url: 'http://localhost:8000' });
 * const { text } = await portico.ocr(file, { minConfidence: 0.7 });
 *
 * @example
 * const mine = createPortico<typeof myTasks>({ url: 'http://localhost:8000' });
 *
 * @throws {TypeError} if an option is invalid.
 */
export function createPortico<Tasks extends object = TaskContracts>(options: PorticoOptions): Portico<Tasks> {
  const connection = connect(options);
  const typed = trpcClient(connection);
  const trpc = untypedTrpc(typed);
  const kinds = new TaskKinds(async (context) => (await trpc.query('models.list', context)) as ModelList);
  const query = (path: string, call: CallOptions = {}): Promise<unknown> =>
    runCall(connection, call, (context) => trpc.query(path, context));

  const client: Client = { connection, trpc, kinds };
  const server = {
    ready: (call?: CallOptions) => query('status.ready', call),
    models: async (call?: CallOptions) => {
      const models = (await query('models.list', call)) as ModelList;
      kinds.learn(models);
      return models;
    },
    gpu: (call?: CallOptions) => query('status.gpu', call),
    tensors: (model: string) => tensorModel(connection, model),
    trpc: typed,
  };
  return withTasks(server, (task) => taskMethod(client, task)) as Portico<Tasks>;
}

/** Every other name that a task can have is a method, created when it is first used. */
function withTasks(server: object, createMethod: (task: string) => object): object {
  const methods = new Map<string, object>();
  return new Proxy(server, {
    get(target, name, receiver): unknown {
      const isTask = typeof name === 'string' && taskNamePattern.test(name) && !reservedNames.has(name);
      // `then` is reserved: a client is not a promise.
      if (!isTask || Object.hasOwn(target, name)) return Reflect.get(target, name, receiver);
      const method = methods.get(name) ?? createMethod(name);
      methods.set(name, method);
      return method;
    },
  });
}

/** The method of one task, with everything that any task can do; the types say what this one can. */
function taskMethod(client: Client, task: string): object {
  const method = (input: unknown, params?: object, options?: UploadOptions): Promise<unknown> =>
    infer(client, task, input, params, options);
  const blob =
    (type?: string) =>
    (input: unknown, params?: object, options?: UploadOptions): Promise<Blob> =>
      inferBlob(client, task, type, input, params, options);
  return Object.assign(method, {
    blob: blob(),
    image: blob('image/*'),
    batch: (inputs: Iterable<unknown>, params?: object, options?: BatchOptions) =>
      inferBatch(method, inputs, params, options),
    stream: (input: unknown, params?: object, options?: CallOptions) =>
      inferStream(client, task, input, params, options),
  });
}
