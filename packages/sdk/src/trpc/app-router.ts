import type {
  TRPCBuiltRouter,
  TRPCCreateRouterOptions,
  TRPCDecorateCreateRouterOptions,
  TRPCDefaultErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
} from '@trpc/server';
import type { GpuStatus, ModelList, Problem, ReadyStatus, TaskContracts } from '../contract.ts';
import type { TaskContract } from '../tasks/contracts.ts';
import type { TensorDatatype, TensorValues } from '../tensors/tensor.ts';

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

/** A tensor as it travels over tRPC. */
interface TrpcTensor {
  readonly name: string;
  readonly datatype: TensorDatatype;
  readonly shape: readonly number[];
  readonly data: TensorValues[TensorDatatype];
}

/** What `tensors.infer` takes. */
interface TrpcTensorCall {
  readonly model: string;
  readonly version?: string | undefined;
  readonly inputs: readonly TrpcTensor[];
  readonly outputs?: readonly string[] | undefined;
  readonly timeoutMs?: number | undefined;
}

/** What `tensors.infer` answers. */
interface TrpcTensorAnswer {
  readonly model: string;
  readonly version: string;
  readonly outputs: readonly TrpcTensor[];
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

/** The procedures of every task, under its name. */
type AllTaskProcedures<Contracts> = {
  [Name in keyof Contracts]: Contracts[Name] extends TaskContract ? TaskProcedures<Contracts[Name]> : never;
};

/** The server's tRPC router. */
export type AppRouter<Contracts = TaskContracts> = Router<
  AllTaskProcedures<Contracts> & {
    tensors: {
      /** Ask a model of the model repository, tensors in and tensors out. */
      infer: TRPCMutationProcedure<Call<TrpcTensorCall, TrpcTensorAnswer>>;
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
