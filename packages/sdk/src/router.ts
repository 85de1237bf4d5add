import type {
  TRPCBuiltRouter,
  TRPCCreateRouterOptions,
  TRPCDecorateCreateRouterOptions,
  TRPCDefaultErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
} from '@trpc/server';
import type { GpuStatus, ModelList, Problem, ReadyStatus, TaskContracts } from './contract.ts';
import type { TaskContract } from './task-types.ts';

/** An error as tRPC carries it: the problem is at `error.data.problem`. */
export interface TrpcErrorShape extends TRPCDefaultErrorShape {
  data: TRPCDefaultErrorShape['data'] & { problem: Problem };
}

/** A file as it travels over tRPC, as base64. */
export interface TrpcFile {
  data: Uint8Array;
  mediaType?: string | undefined;
  name?: string | undefined;
}

/** What `<task>.infer` takes. */
export type TrpcInput<Contract extends TaskContract> = Contract['accepts'] extends 'json'
  ? { readonly input: Contract['input']; readonly params?: Contract['params'] | undefined }
  : { readonly file: TrpcFile; readonly params?: Contract['params'] | undefined };

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

interface Root {
  ctx: object;
  meta: object;
  errorShape: TrpcErrorShape;
  transformer: true;
}

interface Call<Input, Output> {
  meta: object;
  input: Input;
  output: Output;
  errorShape: TrpcErrorShape;
}

type Router<Procedures extends TRPCCreateRouterOptions> = TRPCBuiltRouter<
  Root,
  TRPCDecorateCreateRouterOptions<Procedures>
>;

/** The procedures of one task. */
export type TaskProcedures<Contract extends TaskContract> = {
  /** Ask the task about one input. */
  infer: TRPCMutationProcedure<Call<TrpcInput<Contract>, Contract['output']>>;
} & ([Contract['item']] extends [never] ? object : StreamProcedure<Contract>);

/** No interface: a router's record needs an index signature, which only a type alias is given. */
type StreamProcedure<Contract extends TaskContract> = {
  /** Ask the task about one input and hear its items as they are found; the iterator returns the output. */
  stream: TRPCMutationProcedure<
    Call<TrpcInput<Contract>, AsyncIterable<Contract['item'], Contract['output'], unknown>>
  >;
};

/** The server's tRPC router. */
export type AppRouter = Router<
  {
    [Name in keyof TaskContracts]: TaskProcedures<TaskContracts[Name]>;
  } & {
    tensors: {
      /** Ask a model of the model repository, tensors in and tensors out. */
      infer: TRPCMutationProcedure<Call<TensorCall, TensorAnswer>>;
    };
    models: {
      /** The served models with their parameters, weights and devices. */
      list: TRPCQueryProcedure<Call<void, ModelList>>;
    };
    status: {
      /** Whether every configured model can be asked now, and if not, why. */
      ready: TRPCQueryProcedure<Call<void, ReadyStatus>>;
      /** The GPUs as NVML reports them. */
      gpu: TRPCQueryProcedure<Call<void, GpuStatus>>;
    };
  }
>;
