import { bundledTasks } from './bundled-tasks.ts';
import { type CallContext, runCall } from './calls/call.ts';
import { type Connection, connect } from './calls/connection.ts';
import { getJson } from './calls/send.ts';
import type { BatchOptions, CallOptions, PorticoOptions, UploadOptions } from './options.ts';
import type { Portico, PorticoServer, TasksOption } from './portico.ts';
import type { DefinedTask, GivenTasks, TasksOf } from './tasks/contracts.ts';
import { type GivenTask, readTasks } from './tasks/given-tasks.ts';
import { infer, inferBatch, inferBlob } from './tasks/infer.ts';
import { inferStream } from './tasks/infer-stream.ts';
import { tensorModel } from './tensors/tensor-model.ts';

/**
 * Creates a client of a Portico server: an object with a method for each task. It opens no connection.
 *
 * @example
 * const portico = createPortico({ url: 'http://localhost:8000' });
 * const { text } = await portico.ocr(file, { minConfidence: 0.7 });
 *
 * @throws {TypeError} if an option is unknown or invalid.
 */
export function createPortico(options: PorticoOptions & { readonly tasks?: undefined }): Portico;
/**
 * Creates a client of a server with tasks of your own, which follow from their contract.
 *
 * @example
 * const mine = createPortico({ url: 'http://localhost:8000', tasks: myTasks });
 */
export function createPortico<Tasks extends Readonly<Record<string, DefinedTask>>>(
  options: PorticoOptions & { readonly tasks: Tasks },
): Portico<Tasks>;
/**
 * Creates a client of tasks of which the names are known, or the names and kinds. Their outputs are not typed.
 *
 * @example
 * const portico = createPortico({ url: 'http://localhost:8000', tasks: ['digits'] });
 */
export function createPortico<const Given extends GivenTasks>(
  options: PorticoOptions & { readonly tasks: Given },
): Portico<TasksOf<Given>>;
/**
 * Creates a client of a server with tasks of your own from their types, so that neither the contract nor Zod becomes part of
 * the program: `tasks` says what each of them takes.
 *
 * @example
 * const mine = createPortico<typeof myTasks>({ url: 'http://localhost:8000', tasks: { count: 'json', draw: 'image' } });
 */
export function createPortico<Tasks extends object = never>(
  options: PorticoOptions & TasksOption<NoInfer<Tasks>>,
): Portico<Tasks>;
export function createPortico(options: PorticoOptions & { readonly tasks?: unknown }): object {
  const connection = connect(options);
  const tasks = readTasks(options.tasks === undefined ? bundledTasks : options.tasks);
  return {
    ...serverMethods(connection),
    ...Object.fromEntries(tasks.map((task) => [task.name, taskMethod(connection, task)])),
  };
}

function serverMethods(connection: Connection): PorticoServer {
  const get =
    <Result>(path: string, isResult?: (body: unknown) => boolean) =>
    (options?: CallOptions): Promise<Result> =>
      runCall(
        connection,
        options,
        (context: CallContext) => getJson(connection, context, path, isResult) as Promise<Result>,
      );
  return {
    ready: get('/ready', isReadyStatus),
    models: get('/models'),
    gpu: get('/gpu'),
    tensors: (model) => tensorModel(connection, model),
  };
}

/** A server that is not ready says so with status 503, like a failure. */
const isReadyStatus = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'status' in body && body.status === 'not ready' && 'models' in body;

/** The method of one task, with everything that any task can do; the types say what this one can. */
function taskMethod(connection: Connection, task: GivenTask): object {
  const method = (input: unknown, params?: object, options?: UploadOptions): Promise<unknown> =>
    infer(connection, task, input, params, options);
  const blob =
    (type?: string) =>
    (input: unknown, params?: object, options?: UploadOptions): Promise<Blob> =>
      inferBlob(connection, task, type, input, params, options);
  // Its name is what consoles and test runners show.
  return Object.assign(Object.defineProperty(method, 'name', { value: task.name }), {
    batch: (inputs: Iterable<unknown>, params?: object, options?: BatchOptions) =>
      inferBatch(method, inputs, params, options),
    blob: blob(),
    image: blob('image/*'),
    stream: (input: unknown, params?: object, options?: CallOptions) =>
      inferStream(connection, task, input, params, options),
  });
}
