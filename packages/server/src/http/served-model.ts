import type { ModelDescription, ModelList, ModelReadiness, ReadyStatus, Task } from '@portico/schemas';
import { z } from 'zod';
import type { ModelDispatcher } from '../dispatch/dispatcher.ts';
import type { ModelSettings } from '../model/register-model.ts';
import { answerTypes } from './input/accept-header.ts';
import { version } from '../version.ts';
import { allTensors, describeTensors, type TensorModels, tensorsReadiness } from './served-tensors.ts';

/** A weights file in words that hold no secret. */
export interface ServedWeights {
  readonly name: string;
  readonly source: string;
  /** Null until an engine has read a file that comes without one. */
  readonly sha256: string | null;
}

/** A model that this server was told to serve. */
export interface ServedModel {
  readonly task: Task;
  readonly settings: ModelSettings;
  readonly variant: string;
  /** Left out where it needs none. */
  readonly weights?: readonly ServedWeights[];
  readonly dispatcher: ModelDispatcher;
  /** The longest a client may wait for an answer. */
  readonly timeoutMs: number;
}

export type ServedModels = ReadonlyMap<string, ServedModel>;

/** Everything that is served, each kind under its own names. */
export interface Served {
  readonly models: ServedModels;
  readonly tensors: TensorModels;
}

export const allDispatchers = ({ models, tensors }: Served): ModelDispatcher[] =>
  [...models.values(), ...allTensors(tensors)].map(({ dispatcher }) => dispatcher);

/** The answer of `GET /ready`. A server without models is never ready: there is nothing it could answer. */
export function readyStatus(served: Served & { readonly lifecycle: { readonly draining: boolean } }): ReadyStatus {
  const { models, tensors, lifecycle } = served;
  const readiness = [...[...models.values()].map(modelReadiness), ...allTensors(tensors).map(tensorsReadiness)];
  const reasons = allDispatchers(served)
    .filter(({ ready }) => !ready)
    .map(({ model, detail }) => `Model ${model} is not ready: ${detail}`);
  if (readiness.length === 0) reasons.push('No model is configured: set MODEL_NAME or MODEL_REPOSITORY.');
  if (lifecycle.draining) reasons.unshift('The server is draining.');
  if (reasons.length === 0) return { status: 'ready', models: readiness };
  return { status: 'not ready', detail: reasons.join(' '), models: readiness };
}

const modelReadiness = ({ task, variant, dispatcher }: ServedModel): ModelReadiness => ({
  kind: 'task',
  name: task.name,
  variant,
  device: dispatcher.info?.device ?? null,
  devicesRefused: [...(dispatcher.info?.devicesRefused ?? [])],
  replicas: dispatcher.replicas,
});

/** The answer of `GET /models`. */
export const modelList = ({ models, tensors }: Served): ModelList => ({
  models: [...[...models.values()].map(describeModel), ...allTensors(tensors).map(describeTensors)],
});

function describeModel({ task, settings, variant, weights = [], dispatcher }: ServedModel): ModelDescription {
  const { info } = dispatcher;
  return {
    kind: 'task',
    name: task.name,
    variant,
    variants: Object.keys(settings.variants),
    summary: task.summary,
    accepts: task.accepts.kind === 'json' ? ['application/json'] : [...task.accepts.mediaTypes],
    params: z.toJSONSchema(task.params, { io: 'input' }),
    output: z.toJSONSchema(task.output),
    answers: [...answerTypes(task)],
    item: task.item === undefined ? null : z.toJSONSchema(task.item),
    device: info?.device ?? null,
    devicesRefused: [...(info?.devicesRefused ?? [])],
    weights: [...weights],
    maxBatch: info?.maxBatchSize ?? null,
    versions: { portico: version, onnxruntime: info?.onnxruntimeVersion ?? null },
  };
}
