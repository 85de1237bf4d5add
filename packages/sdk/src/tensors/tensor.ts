/** The element type of a tensor. */
export type TensorDatatype =
  | 'BOOL'
  | 'UINT8'
  | 'UINT16'
  | 'UINT32'
  | 'UINT64'
  | 'INT8'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'FP16'
  | 'BF16'
  | 'FP32'
  | 'FP64'
  | 'BYTES';

/** The values of a tensor in row-major order. */
export type TensorData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array
  | readonly string[];

/**
 * A tensor with its values. `data` is the typed array of the datatype: `Uint8Array` for `BOOL`, `Uint16Array` with the
 * bits for `FP16`; texts for `BYTES`. A `Uint8Array` will do for every datatype: the values' little-endian bytes.
 */
export interface Tensor {
  readonly name: string;
  readonly datatype: TensorDatatype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** One question to a model of the model repository. */
export interface TensorCall {
  readonly model: string;
  /** The newest unless told. */
  readonly version?: string | undefined;
  readonly inputs: readonly Tensor[];
  /** Names of the outputs wanted; all unless told. */
  readonly outputs?: readonly string[] | undefined;
  /** Milliseconds to wait for an answer, at most the server's own deadline. */
  readonly timeoutMs?: number | undefined;
}

/** What a model of the model repository answered. */
export interface TensorAnswer {
  readonly model: string;
  readonly version: string;
  readonly outputs: readonly Tensor[];
}
