import type { TaskContracts } from '../contract.ts';
import type { PorticoError } from '../errors/portico-error.ts';
import type { FileInput } from '../files/file-input.ts';
import type { BatchOptions, CallOptions, UploadOptions } from '../options.ts';
import type { ContractsOf, TaskContract } from './contracts.ts';

/** A task of a contract: of `typeof tasks`, or of those that Portico comes with. */
export type TaskName<Tasks = TaskContracts> = keyof Tasks;
/** The parameters of a task; each has a default. */
export type TaskParams<Name extends TaskName<Tasks>, Tasks = TaskContracts> = PartOf<'params', Name, Tasks>;
/** The answer of a task. */
export type TaskOutput<Name extends TaskName<Tasks>, Tasks = TaskContracts> = PartOf<'output', Name, Tasks>;
/** What a streaming task tells one at a time. */
export type TaskItem<Name extends TaskName<Tasks>, Tasks = TaskContracts> = PartOf<'item', Name, Tasks>;

type PartOf<
  Part extends keyof TaskContract,
  Name extends keyof Tasks,
  Tasks,
> = ContractsOf<Tasks>[Name] extends infer Contract extends TaskContract ? Contract[Part] : never;

/** How one input of a batch fared. */
export type BatchResult<Output> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly error: PorticoError };

/** Asks a task about a file. */
export interface FileMethod<Params, Output> {
  (file: FileInput, params?: Params, options?: UploadOptions): Promise<Output>;
  /**
   * Asks about several files, a few at a time. The results are in the order of the files; one that fails does not fail the others.
   *
   * @example
   * for (const result of await portico.ocr.batch(files)) {
   *   console.log(result.ok ? result.value.text : result.error.message);
   * }
   */
  batch(files: Iterable<FileInput>, params?: Params, options?: BatchOptions): Promise<BatchResult<Output>[]>;
}

/** Asks a task about a JSON value. */
export interface JsonMethod<Input, Params, Output> {
  (input: Input, params?: Params, options?: CallOptions): Promise<Output>;
  /** Asks about several values, a few at a time. The results are in their order; one that fails does not fail the others. */
  batch(inputs: Iterable<Input>, params?: Params, options?: BatchOptions): Promise<BatchResult<Output>[]>;
}

/** Asks a task that tells what it finds on the way. */
export interface StreamMethod<Input, Params, Item, Output> {
  /**
   * Tells what is found as soon as it is found; the iterator returns the whole answer. To leave the loop, or to abort the
   * `signal`, stops the server's work. `timeoutMs` bounds the wait for each next item.
   *
   * @example
   * for await (const segment of portico.vad.stream(recording)) console.log(segment.start, segment.end);
   */
  stream(input: Input, params?: Params, options?: CallOptions): AsyncGenerator<Item, Output, void>;
}

/** Asks a task that makes a picture. */
export interface ImageMethod<Params> {
  /**
   * Makes the picture alone, without the rest of the answer.
   *
   * @example
   * const png = await portico.segment.image(photo, { output: 'cutout' });
   */
  image(file: FileInput, params?: Params, options?: UploadOptions): Promise<Blob>;
}

/** What a task is asked about. */
type Asked<Contract extends TaskContract> = Contract['accepts'] extends 'json' ? Contract['input'] : FileInput;

/** The method of one task. */
export type TaskMethod<Contract extends TaskContract> = (Contract['accepts'] extends 'json'
  ? JsonMethod<Contract['input'], Contract['params'], Contract['output']>
  : FileMethod<Contract['params'], Contract['output']>) &
  ([Contract['item']] extends [never]
    ? unknown
    : StreamMethod<Asked<Contract>, Contract['params'], Contract['item'], Contract['output']>) &
  ([Contract['produces']] extends [never] ? unknown : ImageMethod<Contract['params']>);

/** One method per task. */
export type TaskMethods<Contracts> = {
  readonly [Name in keyof Contracts]: Contracts[Name] extends TaskContract ? TaskMethod<Contracts[Name]> : never;
};
