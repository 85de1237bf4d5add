export type { EncodedFile } from '@portico/schemas';
export {
  defineModel,
  failureOfInput,
  type LoadContext,
  type Model,
  type ModelImplementation,
  type ModelInput,
  refuseIfCancelled,
  type RunContext,
  toDataUrl,
  weightPath,
} from './define-model.ts';
export {
  packRows,
  type PaddedTokens,
  padTokens,
  runByLength,
  type RunByLengthOptions,
  type RunCost,
  tokenRunCost,
} from './run-by-length.ts';
export type { ExpectedTensor, Session, SessionSignature } from './session.ts';
export { float32Data, Tensor, type TensorData, type TensorType } from './tensor.ts';
