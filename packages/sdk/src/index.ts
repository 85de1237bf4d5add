export type * from './contract.ts';
export { createPortico } from './create-portico.ts';
export type { FileData, FileInput, NamedFile } from './file-input.ts';
export type { CallOptions, Fetch, PorticoOptions, RequestHeaders } from './options.ts';
export type { Portico } from './portico.ts';
export { isPorticoError, PorticoError, type PorticoErrorCode, type PorticoErrorDetails } from './portico-error.ts';
export type { AppRouter, Tensor, TensorAnswer, TensorCall, TensorData, TensorDatatype } from './router.ts';
export type { TaskMethod, TaskMethods, TaskName, TaskOutput, TaskParams } from './task-types.ts';
