import type { Tensor, TensorType } from './tensor.ts';

/** A tensor as a model expects it. */
export interface ExpectedTensor {
  readonly type: TensorType;
  /** One entry an axis: its length, or null where any length will do. */
  readonly shape: readonly (number | null)[];
  /** The file may lack it: what is fed to such an input is left out, and such an output is missing from the result. */
  readonly optional?: boolean;
}

/** The tensors a model's code relies on, by name. */
export interface SessionSignature {
  readonly inputs: Readonly<Record<string, ExpectedTensor>>;
  readonly outputs: Readonly<Record<string, ExpectedTensor>>;
}

/** A loaded ONNX file. */
export interface Session {
  /** Runs the file once and then lets the event loop turn, so that a cancellation takes effect between runs. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
}
