import type { GpuStatus } from '@portico/schemas';
import type { ByteBudget } from '../dispatch/byte-budget.ts';
import type { RequestObserver } from './observe-request.ts';
import type { ServedModels } from './served-model.ts';
import type { TensorModels } from './served-tensors.ts';

/** What the routes share. */
export interface Gateway {
  readonly models: ServedModels;
  /** The model repository. */
  readonly tensors: TensorModels;
  readonly uploads: ByteBudget;
  readonly limits: {
    readonly maxUploadBytes: number;
    readonly maxBatchItems: number;
  };
  /** Counts requests. */
  readonly requests: RequestObserver;
  gpu(): GpuStatus;
  /** The server has been told to stop. */
  readonly lifecycle: { draining: boolean };
}
