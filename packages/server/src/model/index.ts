export type { EncodedFile } from '@portico/schemas';
export {
  defineModel,
  failureOfInput,
  type LoadContext,
  type Model,
  type ModelImplementation,
  type ModelInput,
  type ModelOutput,
  refuseIfCancelled,
  type RunContext,
  toDataUrl,
  weightPath,
} from './define-model.ts';
export { embeddingOf, firstTokens, meanOfTokens } from './embeddings.ts';
export { tensorFromJson, tensorToJson } from './json-tensors.ts';
export { joinRows, rowsOfTensor, runEach, runTogether, type RunTogetherSteps } from './run-each.ts';
export {
  packRows,
  type PaddedTokens,
  padTokens,
  runByLength,
  type RunByLengthOptions,
  type RunCost,
  tokenRunCost,
} from './run-by-length.ts';
export { highestScores, type RankedScore, sigmoid, softmax } from './scores.ts';
export type { CreateSession, ExpectedTensor, Session, SessionSignature, Tensors } from './session.ts';
export { Tensor, type TensorData, type TensorType } from './tensor.ts';
