import type { TRPCClient } from '@trpc/client';
import type { GpuStatus, ModelList, ReadyStatus, TaskContracts } from './contract.ts';
import type { CallOptions } from './options.ts';
import type { ContractsOf } from './tasks/contracts.ts';
import type { TaskMethods } from './tasks/method-types.ts';
import type { TensorModel } from './tensors/tensor-model.ts';
import type { AppRouter } from './trpc/app-router.ts';

/** What a client has besides a method for each task. */
export interface PorticoServer<Contracts = TaskContracts> {
  /**
   * Whether every model of the server can be asked now, and if not, which one and why.
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
   * A model of the server's model repository, asked with tensors.
   *
   * @example
   * const pixels = { name: 'Input3', shape: [1, 1, 28, 28], data: new Float32Array(784) };
   * const { outputs } = await portico.tensors('digits').infer({ inputs: [pixels] });
   */
  tensors(model: string): TensorModel;
  /**
   * The typed tRPC client. It rejects with tRPC's own error, whose `cause` is the `PorticoError` that says the same. What a
   * stream fails with after it has begun has the server's problem in `data.problem` only: `portico.<task>.stream` tells it as any.
   *
   * @example
   * const { text } = await portico.trpc.ocr.infer.mutate({ file: { data } });
   */
  readonly trpc: TRPCClient<AppRouter<Contracts>>;
}

/** A client of one server: a method for each task of the contract, and the server's state. */
export type Portico<Tasks = TaskContracts> = PorticoServer<ContractsOf<Tasks>> & TaskMethods<ContractsOf<Tasks>>;
