import type { bundledTasks } from './bundled-tasks.ts';
import type { GpuStatus, ModelList, ReadyStatus, TaskContracts } from './contract.ts';
import type { CallOptions } from './options.ts';
import type { ContractsOf, GivenTasks, ListedName, TaskKinds } from './tasks/contracts.ts';
import type { TaskMethods } from './tasks/method-types.ts';
import type { TensorModel } from './tensors/tensor-model.ts';

/** The methods of a client besides those of its tasks. */
export interface PorticoServer {
  /**
   * Whether the server is ready for requests, and if not, which model is not and why.
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
}

/** A client of one server: a method for each task of the contract, and the server's status. */
export type Portico<Tasks = TaskContracts> = PorticoServer & TaskMethods<ContractsOf<Tasks>>;

/**
 * Tasks of which the types are known already: the kind of each, or names only. The bundled tasks need none, because their
 * kinds are part of the client. Without types, whatever can be given: the compiler's message for a mistake then names that.
 */
export type TasksOption<Tasks> = [Tasks] extends [never]
  ? { readonly tasks: GivenTasks }
  : typeof bundledTasks extends TaskKinds<Tasks>
    ? { readonly tasks?: TaskKinds<Tasks> | readonly ListedName<Tasks>[] | undefined }
    : { readonly tasks: TaskKinds<Tasks> | readonly ListedName<Tasks>[] };
