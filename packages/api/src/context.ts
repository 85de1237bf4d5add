import type { GpuStatus, ModelList, ReadyStatus, TensorAnswer, TensorCall } from '@portico/schemas';

/** What the server must provide for the router to run. It knows no web framework, so that the SDK's types stay small. */
export interface Context {
  readonly requestId: string;
  /** Runs a task on a checked input; the answer may be `PlainJson`. Rejects with a `Failure` for every row of the error table. */
  infer(task: string, input: unknown, signal: AbortSignal | undefined): Promise<unknown>;
  /** Runs a streaming task on a checked input: yields its items and returns its output. Fails as `infer` does. */
  stream(task: string, input: unknown, signal: AbortSignal | undefined): AsyncGenerator<unknown, unknown, void>;
  /** Asks a model of the model repository. Rejects with a `Failure` for every row of the error table. */
  tensors(call: TensorCall, signal: AbortSignal | undefined): Promise<TensorAnswer>;
  models(): ModelList;
  ready(): ReadyStatus;
  gpu(): GpuStatus;
}
