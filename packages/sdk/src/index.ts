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
  PorticoOptions,
  RequestHeaders,
  ResponseInfo,
  RetryInfo,
  RetryOptions,
  UploadOptions,
  UploadProgress,
} from './options.ts';
export type { Portico, PorticoServer } from './portico.ts';
export type { ContractsOf, TaskContract } from './tasks/contracts.ts';
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
export type { AppRouter } from './trpc/app-router.ts';
