import { z } from 'zod';

/**
 * The element types of the Open Inference Protocol with the size of one element in bytes. `BYTES` are texts of any length.
 * https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol
 */
export const elementBytes = {
  BOOL: 1,
  UINT8: 1,
  UINT16: 2,
  UINT32: 4,
  UINT64: 8,
  INT8: 1,
  INT16: 2,
  INT32: 4,
  INT64: 8,
  FP16: 2,
  BF16: 2,
  FP32: 4,
  FP64: 8,
  BYTES: null,
} as const satisfies Record<string, number | null>;

/** The element type of a tensor. */
export const Datatype = z.enum(Object.keys(elementBytes) as (keyof typeof elementBytes)[]).meta({ id: 'Datatype' });
export type Datatype = keyof typeof elementBytes;

/** An input or output of a model. */
export const TensorMetadata = z
  .object({
    name: z.string(),
    datatype: Datatype,
    shape: z.array(z.int()).describe('The length of each axis; -1 where any length is accepted.'),
  })
  .meta({ id: 'TensorMetadata' });
export type TensorMetadata = z.infer<typeof TensorMetadata>;

/** An input or output of a model, with what the Open Inference Protocol has no words for. */
export const TensorDescription = TensorMetadata.extend({
  unranked: z
    .literal(true)
    .optional()
    .describe('The file does not say how many axes it has: any number of them is accepted, and `shape` is [-1].'),
  labels: z
    .array(z.union([z.string(), z.number()]))
    .optional()
    .describe('What each column is: the class of a probability. Only where the file says so, in a ZipMap.'),
}).meta({ id: 'TensorDescription' });
export type TensorDescription = z.infer<typeof TensorDescription>;

/** The inputs and outputs of a model. */
export interface TensorSignature {
  readonly inputs: readonly TensorDescription[];
  readonly outputs: readonly TensorDescription[];
}

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

const TensorData = z.custom<TensorData>(
  (value) =>
    (ArrayBuffer.isView(value) && !(value instanceof DataView)) ||
    (Array.isArray(value) && value.every((element) => typeof element === 'string')),
  'Expected a typed array, bytes or texts',
);

/**
 * A tensor with its values. `data` is the typed array of the datatype: `Uint8Array` for `BOOL`, `Uint16Array` with the
 * bits for `FP16`; texts for `BYTES`. A `Uint8Array` serves for every datatype: the values' little-endian bytes.
 */
export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export const Tensor: z.ZodType<Tensor, Tensor> = z.strictObject({
  name: z.string(),
  datatype: Datatype,
  shape: z.array(z.int().nonnegative()),
  data: TensorData,
});

/** One call of a model of the model repository. */
export interface TensorCall {
  readonly model: string;
  /** @default the newest */
  readonly version?: string | undefined;
  readonly inputs: readonly Tensor[];
  /**
   * Names of the outputs to return.
   * @default all
   */
  readonly outputs?: readonly string[] | undefined;
  /** Milliseconds to wait for the result. It can only shorten the server's own deadline. */
  readonly timeoutMs?: number | undefined;
}

export const TensorCall: z.ZodType<TensorCall, TensorCall> = z.strictObject({
  model: z.string(),
  version: z.string().optional(),
  inputs: z.array(Tensor),
  outputs: z.array(z.string()).optional(),
  timeoutMs: z.number().positive().optional(),
});

/** The outputs of one call of a model of the model repository. */
export interface TensorResult {
  readonly model: string;
  readonly version: string;
  readonly outputs: readonly Tensor[];
}
