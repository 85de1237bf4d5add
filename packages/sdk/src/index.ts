export { bundledTasks } from './bundled-tasks.ts';
export type * from './contract.ts';
export { createPortico } from './create-portico.ts';
export {
  isPorticoError,
  PorticoError,
  type PorticoErrorCode,
  type PorticoErrorDetails,
} from './errors/portico-error.ts';
export type { FileData, FileInput, NamedFile, NativeFile } from './files/file-input.ts';
export type {
  BatchOptions,
  CallOptions,
  Fetch,
  Listeners,
  PorticoOptions,
  RequestHeaders,
  ResponseInfo,
  RetryInfo,
  RetryOptions,
  UploadOptions,
  UploadProgress,
} from './options.ts';
export type { Portico, PorticoServer, TasksOption } from './portico.ts';
export type {
  ContractsOf,
  DefinedTask,
  GivenTasks,
  ListedName,
  TaskContract,
  TaskKind,
  TaskKinds,
  TasksOf,
  UntypedTask,
} from './tasks/contracts.ts';
export type {
  BatchResult,
  BlobMethod,
  FileMethod,
  FormMethod,
  ImageMethod,
  JsonMethod,
  StreamMethod,
  TaskItem,
  TaskMethod,
  TaskMethods,
  TaskName,
  TaskOutput,
  TaskParams,
} from './tasks/method-types.ts';
export type { TensorCall } from './tensors/encode-call.ts';
export type { InputTensor, InputValues, Tensor, TensorDatatype, TensorResult, TensorValues } from './tensors/tensor.ts';
export type { TensorModel } from './tensors/tensor-model.ts';
