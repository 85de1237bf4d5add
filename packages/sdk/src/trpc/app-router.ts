import type {
  TRPCBuiltRouter,
  TRPCCreateRouterOptions,
  TRPCDecorateCreateRouterOptions,
  TRPCDefaultErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
} from '@trpc/server';
import type { GpuStatus, ModelList, Problem, ReadyStatus, TaskContracts } from '../contract.ts';
import type { ContractsOf, TaskContract } from '../tasks/contracts.ts';
import type { TensorDatatype, TensorValues } from '../tensors/tensor.ts';

/** An error over tRPC: the problem is at `error.data.problem`. */
export interface TrpcErrorShape extends TRPCDefaultErrorShape {
  data: TRPCDefaultErrorShape['data'] & { problem: Problem };
}

/** A file as it travels over tRPC, as base64. */
export interface TrpcFile {
  data: Uint8Array;
  mediaType?: string | undefined;
  name?: string | undefined;
}

/** The input of `<task>.infer`. */
export type TrpcInput<Contract extends TaskContract> = Contract['accepts'] extends 'json'
  ? { readonly input: Contract['input']; readonly params?: Contract['params'] | undefined }
  : Contract['accepts'] extends 'form'
    ? { readonly files: TrpcFiles<Contract['input']>; readonly params?: Contract['params'] | undefined }
    : { readonly file: TrpcFile; readonly params?: Contract['params'] | undefined };

/** The files of a form task. */
type TrpcFiles<Files> = { readonly [Part in keyof Files]: TrpcFile };

/** A tensor as it travels over tRPC. */
interface TrpcTensor {
  readonly name: string;
  readonly datatype: TensorDatatype;
  readonly shape: readonly number[];
  readonly data: TensorValues[TensorDatatype];
}

/** The input of `tensors.infer`. */
interface TrpcTensorCall {
  readonly model: string;
  readonly version?: string | undefined;
  readonly inputs: readonly TrpcTensor[];
  readonly outputs?: readonly string[] | undefined;
  readonly timeoutMs?: number | undefined;
}

/** The output of `tensors.infer`. */
interface TrpcTensorResult {
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

interface Procedure<Input, Output> {
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
  /** Run the task on one input. */
  infer: TRPCMutationProcedure<Procedure<TrpcInput<Contract>, Contract['output']>>;
} & ([Contract['item']] extends [never] ? object : StreamProcedure<Contract>);

/** No interface: a router's record needs an index signature, which only a type alias has. */
type StreamProcedure<Contract extends TaskContract> = {
  /** Run the task on one input and yield its items as they are found; the iterator returns the output. */
  stream: TRPCMutationProcedure<
    Procedure<TrpcInput<Contract>, AsyncIterable<Contract['item'], Contract['output'], unknown>>
  >;
};

/** The procedures of every task, under its name. */
type AllTaskProcedures<Contracts> = {
  [Name in keyof Contracts]: Contracts[Name] extends TaskContract ? TaskProcedures<Contracts[Name]> : never;
};

/** The tRPC router of a server with these tasks: the bundled ones, or those of a contract, as `typeof myTasks`. */
export type AppRouter<Tasks = TaskContracts> = Router<
  AllTaskProcedures<ContractsOf<Tasks>> & {
    tensors: {
      /** Run a model of the model repository, tensors in and tensors out. */
      infer: TRPCMutationProcedure<Procedure<TrpcTensorCall, TrpcTensorResult>>;
    };
    models: {
      /** The served models with their parameters, weights and devices. */
      list: TRPCQueryProcedure<Procedure<void, ModelList>>;
    };
    status: {
      /** Whether every configured model can serve requests, and if not, why. */
      ready: TRPCQueryProcedure<Procedure<void, ReadyStatus>>;
      /** The GPUs as NVML reports them. */
      gpu: TRPCQueryProcedure<Procedure<void, GpuStatus>>;
    };
  }
>;
