import type { TRPCClient } from '@trpc/client';
import type { GpuStatus, ModelList, ReadyStatus, TaskContracts } from './contract.ts';
import type { CallOptions } from './options.ts';
import type { ContractsOf } from './tasks/contracts.ts';
import type { TaskMethods } from './tasks/method-types.ts';
import type { TensorModel } from './tensors/tensor-model.ts';
import type { AppRouter } from './trpc/app-router.ts';

/** The methods of a client besides those of its tasks. */
export interface PorticoServer<Contracts = TaskContracts> {
  /**
   * Whether every model of the server can serve requests, and if not, which one cannot and why.
   *
   * @example
   * const state = await portico.ready();
   * if (state.status === 'not ready') console.log(state.detail);
   */
  ready(options?: CallOptions): Promise<ReadyStatus>;
  /** The served models with their parameters, weights and devices. */
  models(options?: CallOptions): Promise<ModelList>;
  /** The GPUs of the server as NVML reports them. */
  gpu(options?: CallOptions): Promise<GpuStatus>;
  /**
   * A model of the server's model repository, tensors in and tensors out.
   *
   * @example
   * const pixels = { name: 'Input3', shape: [1, 1, 28, 28], data: new Float32Array(784) };
   * const { outputs } = await portico.tensors('digits').infer({ inputs: [pixels] });
   */
  tensors(model: string): TensorModel;
  /**
   * The typed tRPC client. It rejects with tRPC's own error, whose `cause` is the `PorticoError`. An error of a stream that
   * has started has the server's problem in `data.problem` only; `portico.<task>.stream` rejects with a `PorticoError`.
   *
   * @example
   * const { text } = await portico.trpc.ocr.infer.mutate({ file: { data } });
   */
  readonly trpc: TRPCClient<AppRouter<Contracts>>;
}

/** A client of one server: a method for each task of the contract, and the server's status. */
export type Portico<Tasks = TaskContracts> = PorticoServer<ContractsOf<Tasks>> & TaskMethods<ContractsOf<Tasks>>;
