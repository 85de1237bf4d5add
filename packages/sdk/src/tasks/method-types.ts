import type { TaskContracts } from '../contract.ts';
import type { PorticoError } from '../errors/portico-error.ts';
import type { FileInput } from '../files/file-input.ts';
import type { BatchOptions, CallOptions, UploadOptions } from '../options.ts';
import type { ContractsOf, TaskContract } from './contracts.ts';

/** The name of a task of a contract: of `typeof tasks`, or of the bundled tasks. */
export type TaskName<Tasks = TaskContracts> = keyof Tasks;
/** The parameters of a task, all optional. */
export type TaskParams<Name extends TaskName<Tasks>, Tasks = TaskContracts> = PartOf<'params', Name, Tasks>;
/** The output of a task. */
export type TaskOutput<Name extends TaskName<Tasks>, Tasks = TaskContracts> = PartOf<'output', Name, Tasks>;
/** One item of a streaming task. */
export type TaskItem<Name extends TaskName<Tasks>, Tasks = TaskContracts> = PartOf<'item', Name, Tasks>;

type PartOf<
  Part extends keyof TaskContract,
  Name extends keyof Tasks,
  Tasks,
> = ContractsOf<Tasks>[Name] extends infer Contract extends TaskContract ? Contract[Part] : never;

/** The result for one input of a batch. */
export type BatchResult<Output> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly error: PorticoError };

/** The method of a task that takes a file. */
export interface FileMethod<Params, Output> {
  (file: FileInput, params?: Params, options?: UploadOptions): Promise<Output>;
  /**
   * Runs the task on several files, a few at a time. The results are in the order of the files; one error does not affect the others.
   *
   * @example
   * for (const result of await portico.ocr.batch(files)) {
   *   console.log(result.ok ? result.value.text : result.error.message);
   * }
   */
  batch(files: Iterable<FileInput>, params?: Params, options?: BatchOptions): Promise<BatchResult<Output>[]>;
}

/** The method of a task that takes several files, each under its name. */
export interface FormMethod<Files, Params, Output> {
  (files: Files, params?: Params, options?: UploadOptions): Promise<Output>;
  /**
   * Runs the task on several inputs, a few at a time. The results are in the order of the inputs; one error does not affect the others.
   *
   * @example
   * const pairs = photos.map((photo) => ({ left: portrait, right: photo }));
   * for (const result of await portico.compare.batch(pairs)) console.log(result.ok && result.value.distance);
   */
  batch(inputs: Iterable<Files>, params?: Params, options?: BatchOptions): Promise<BatchResult<Output>[]>;
}

/** The method of a task that takes JSON. */
export interface JsonMethod<Input, Params, Output, Options extends CallOptions = CallOptions> {
  (input: Input, params?: Params, options?: Options): Promise<Output>;
  /** Runs the task on several inputs, a few at a time. The results are in the order of the inputs; one error does not affect the others. */
  batch(inputs: Iterable<Input>, params?: Params, options?: BatchOptions): Promise<BatchResult<Output>[]>;
}

/** The method of a task that streams. */
export interface StreamMethod<Input, Params, Item, Output> {
  /**
   * Yields each item as soon as it is found; the iterator returns the output. Leaving the loop, or aborting the `signal`,
   * stops the server's work. `timeoutMs` bounds the wait for each next item.
   *
   * @example
   * for await (const segment of portico.vad.stream(recording)) console.log(segment.start, segment.end);
   */
  stream(input: Input, params?: Params, options?: CallOptions): AsyncGenerator<Item, Output, void>;
}

/** The method of a task that produces bytes: a picture, a recording, a document. */
export interface BlobMethod<Input, Params, Options extends CallOptions = UploadOptions> {
  /**
   * Resolves with the bytes only, as a `Blob`.
   *
   * @example
   * const wav = await portico.say.blob({ text: 'hello' });
   */
  blob(input: Input, params?: Params, options?: Options): Promise<Blob>;
}

/** The method of a task that produces a picture. */
export interface ImageMethod<Params, Input = FileInput, Options extends CallOptions = UploadOptions> {
  /**
   * Resolves with the picture only, as a `Blob`. The same as `blob`.
   *
   * @example
   * const png = await portico.segment.image(photo, { output: 'cutout' });
   */
  image(input: Input, params?: Params, options?: Options): Promise<Blob>;
}

/** What the methods of a task take. */
type InputOf<Contract extends TaskContract> = Contract['accepts'] extends 'json' | 'form'
  ? Contract['input']
  : FileInput;

/** An input that is not typed may be a file. */
type OptionsOf<Contract extends TaskContract> = Contract['accepts'] extends 'json'
  ? unknown extends Contract['input']
    ? UploadOptions
    : CallOptions
  : UploadOptions;

/** The method of a task and its batches. */
type InferMethod<Contract extends TaskContract> = Contract['accepts'] extends 'json'
  ? JsonMethod<Contract['input'], Contract['params'], Contract['output'], OptionsOf<Contract>>
  : Contract['accepts'] extends 'form'
    ? FormMethod<Contract['input'], Contract['params'], Contract['output']>
    : FileMethod<Contract['params'], Contract['output']>;

type BytesMethods<Contract extends TaskContract> = BlobMethod<
  InputOf<Contract>,
  Contract['params'],
  OptionsOf<Contract>
> &
  (Contract['produces'] extends `image/${string}`
    ? ImageMethod<Contract['params'], InputOf<Contract>, OptionsOf<Contract>>
    : unknown);

/** The method of one task. */
export type TaskMethod<Contract extends TaskContract> = InferMethod<Contract> &
  ([Contract['item']] extends [never]
    ? unknown
    : StreamMethod<InputOf<Contract>, Contract['params'], Contract['item'], Contract['output']>) &
  ([Contract['produces']] extends [never] ? unknown : BytesMethods<Contract>);

/** A method for each task. */
export type TaskMethods<Contracts> = {
  readonly [Name in keyof Contracts]: Contracts[Name] extends TaskContract ? TaskMethod<Contracts[Name]> : never;
};
