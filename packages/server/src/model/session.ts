import type { Tensor, TensorType } from './tensor.ts';

/** A tensor as a model expects it. */
export interface ExpectedTensor {
  readonly type: TensorType;
  /** One entry an axis: its length, or a name or null where any length will do; null where there may be any number of axes. */
  readonly shape: readonly (number | string | null)[] | null;
  /** The file may lack it: what is fed to such an input is left out, and such an output is missing from the result. */
  readonly optional?: boolean;
}

type ExpectedTensors = Readonly<Record<string, ExpectedTensor>>;

/** The tensors a model's code relies on, by name. `portico inspect FILE --signature` prints a file's own. */
export interface SessionSignature {
  readonly inputs: ExpectedTensors;
  readonly outputs: ExpectedTensors;
}

/** A loaded ONNX file. Names and types of tensors are those of its signature, where that is `as const`. */
export interface Session<Signature extends SessionSignature = SessionSignature> {
  /** Runs the file once and then lets the event loop turn, so that a cancellation takes effect between runs. */
  run(feeds: Tensors<Signature['inputs']>): Promise<Tensors<Signature['outputs']>>;
}

/**
 * Loads an ONNX file on the engine's device.
 * @throws when the file cannot be loaded, or lacks a tensor of the signature, or has it with another type or shape; the message says
 * what to do, and names both sides.
 */
export type CreateSession = <const Signature extends SessionSignature>(
  path: string,
  signature: Signature,
) => Promise<Session<Signature>>;

/** Tensors by name, of the types that are expected; optional ones may be missing. */
export type Tensors<Expected extends ExpectedTensors> = {
  readonly [Name in keyof Expected as IsOptional<Expected[Name]> extends true ? never : Name]: Tensor<
    Expected[Name]['type']
  >;
} & {
  readonly [Name in keyof Expected as IsOptional<Expected[Name]> extends true ? Name : never]?:
    | Tensor<Expected[Name]['type']>
    | undefined;
};

type IsOptional<Expected extends ExpectedTensor> = Expected extends { readonly optional: true } ? true : false;
