import { Failure, type GpuStatus, type ModelDescription, type Task } from '@portico/schemas';
import type { ByteBudget } from '../dispatch/byte-budget.ts';
import type { ModelDispatcher } from '../dispatch/dispatcher.ts';
import type { UnreadOutputs } from '../dispatch/unread-outputs.ts';
import type { ModelSettings } from '../model/register-model.ts';
import type { Holds } from './holds.ts';
import type { RequestObserver } from './metrics.ts';
import type { RateLimit } from './plugins/rate-limit.ts';
import type { Statistics } from './statistics.ts';

/** What every protocol gets: the models, the limits, and who counts requests. */
export interface Gateway extends Served {
  readonly repository: Repository;
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
  /** A file that cannot be loaded keeps the server from being ready. */
  readonly strictReadiness: boolean;
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
  readonly holds: Holds;
}

/** The model repository as something that can be asked, and changed where `MODEL_CONTROL` says so. */
export interface Repository {
  /** Every version that is served, and with `MODEL_CONTROL=explicit` what else there is. */
  index(): RepositoryEntry[];
  /** Undefined without `MODEL_CONTROL=explicit`. */
  readonly control: ModelControl | undefined;
}

export interface RepositoryEntry {
  readonly name: string;
  /** Empty where nothing of the model has been found. */
  readonly version: string;
  readonly state: 'READY' | 'LOADING' | 'UNLOADING' | 'UNAVAILABLE';
  /** Why it is not ready; else empty. */
  readonly reason: string;
}

export interface ModelControl {
  /**
   * Serves a model as it is in the repository now. Rejects with `NOT_FOUND` where there is none, and with `BAD_INPUT` where it does not
   * load; then nothing has changed.
   */
  load(name: string): Promise<void>;
  /** Takes a model away; resolves when its engines are gone. Rejects with `NOT_FOUND` where none of this name is served. */
  unload(name: string): Promise<void>;
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
  if (versions === undefined) throw new Failure('NOT_FOUND', `No model "${name}" is loaded from the model repository.`);
  const found = version === undefined ? [...versions.values()].at(-1) : versions.get(version);
  if (found !== undefined) return found;
  const available = [...versions.keys()].join(', ');
  throw new Failure('NOT_FOUND', `Model "${name}" has no version "${version}". Available: ${available}.`);
}
