import { Failure, type GpuStatus, type ModelDescription, type Task } from '@portico/schemas';
import type { ByteBudget } from '../dispatch/byte-budget.ts';
import type { ModelDispatcher } from '../dispatch/dispatcher.ts';
import type { UnreadOutputs } from '../dispatch/unread-outputs.ts';
import type { ModelSettings } from '../model/register-model.ts';
import type { RequestObserver } from './metrics.ts';
import type { RateLimit } from './plugins/rate-limit.ts';
import type { Statistics } from './statistics.ts';

/** What every protocol gets: the models, the limits, and who counts requests. */
export interface Gateway extends Served {
  readonly uploads: ByteBudget;
  readonly outputs: UnreadOutputs;
  /** Undefined without `RATE_LIMIT`. */
  readonly rateLimit?: RateLimit | undefined;
  readonly limits: {
    readonly maxUploadBytes: number;
    readonly maxBatchItems: number;
  };
  readonly requests: RequestObserver;
  readonly statistics: Statistics;
  gpu(): GpuStatus;
  readonly lifecycle: { draining: boolean };
}

/** Everything that is served, each kind under its own names. */
export interface Served {
  readonly models: ServedModels;
  /** The model repository. */
  readonly tensors: TensorModels;
}

/** A configured model that implements a task. */
export interface ServedModel {
  readonly task: Task;
  readonly settings: ModelSettings;
  readonly variant: string;
  /** Left out where the model needs none. */
  readonly weights?: readonly ServedWeights[];
  readonly dispatcher: ModelDispatcher;
  /** Maximum time per request. */
  readonly timeoutMs: number;
}

export type ServedModels = ReadonlyMap<string, ServedModel>;

/** A weights file, described without secrets. */
export type ServedWeights = Readonly<ModelDescription['weights'][number]>;

/** One version of a file in the model repository. */
export interface ServedTensors {
  readonly name: string;
  readonly version: string;
  readonly weights: readonly ServedWeights[];
  readonly dispatcher: ModelDispatcher;
  /** Maximum time per request. */
  readonly timeoutMs: number;
}

/** Versions by model, the newest last. */
export type TensorModels = ReadonlyMap<string, ReadonlyMap<string, ServedTensors>>;

export const allTensors = (models: TensorModels): ServedTensors[] =>
  [...models.values()].flatMap((versions) => [...versions.values()]);

export const allDispatchers = ({ models, tensors }: Served): ModelDispatcher[] =>
  [...models.values(), ...allTensors(tensors)].map(({ dispatcher }) => dispatcher);

/** The requested version of a model, by default the newest. Throws `NOT_FOUND` with the available versions. */
export function findTensors(models: TensorModels, name: string, version: string | undefined): ServedTensors {
  const versions = models.get(name);
  if (versions === undefined) throw new Failure('NOT_FOUND', `No model "${name}" in the model repository.`);
  const found = version === undefined ? [...versions.values()].at(-1) : versions.get(version);
  if (found !== undefined) return found;
  const available = [...versions.keys()].join(', ');
  throw new Failure('NOT_FOUND', `Model "${name}" has no version "${version}". Available: ${available}.`);
}
